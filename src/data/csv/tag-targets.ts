import { DataError } from "../../shared/errors";
import type { ExampleTargets } from "../example-set";
import { classTargets } from "../sources/class-targets";
import { splitAtSpaces } from "../text/split-text";

interface TagRequest {
  /** Tags of each example, separated by spaces. */
  readonly tags: readonly string[];
  /** Its words, separated by spaces. */
  readonly texts: readonly string[];
  readonly labels: readonly string[] | undefined;
  readonly origin: (index: number) => string;
  readonly where: string;
}

/** A class for each word. Throws DataError where words and tags differ in number, and for a tag that `labels` lacks. */
export function tagTargets({ tags, texts, labels, origin, where }: TagRequest): ExampleTargets {
  const lists = tags.map(splitAtSpaces);
  const ends: number[] = [];
  const exampleOf: number[] = [];
  for (const [index, list] of lists.entries()) {
    const words = splitAtSpaces(texts[index] as string).length;
    if (words !== list.length) {
      throw new DataError(`${origin(index)} has ${words} words and ${list.length} tags`, {
        hint: "Each word needs one tag; words and tags are separated by spaces.",
      });
    }
    for (const _ of list) exampleOf.push(index);
    ends.push(exampleOf.length);
  }
  const all = classTargets({
    given: lists.flat(),
    labels,
    origin: (position) => origin(exampleOf[position] as number),
    where,
  });
  return {
    kind: "sequence",
    labels: all.labels,
    length: null,
    steps: (example) => all.indices.subarray(example === 0 ? 0 : (ends[example - 1] as number), ends[example]),
  };
}
