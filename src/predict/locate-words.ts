import type { Preprocessing } from "../data/preprocess/preprocessing";
import { splitAtSpaces } from "../data/text/split-text";
import type { InputWords } from "./input-chunk";

/** The words of a text whose words have tags, and where preprocessing puts them: the tags of training go the same way. */
export function locateWords(text: string, { arrange }: Preprocessing): InputWords {
  const words = splitAtSpaces(text);
  const none = new Int32Array();
  const { set } = arrange(
    {
      inputs: { kind: "text", count: 1, text: () => text, isTokenized: true },
      targets: { kind: "sequence", labels: [], length: null, steps: () => Int32Array.from(words.keys()) },
      count: 1,
      ownSplit: () => undefined,
      origin: () => "",
      warnings: [],
    },
    { train: none, validation: none, test: Int32Array.of(0) },
  );
  const { targets } = set;
  return { words, wordOfStep: targets.kind === "sequence" ? targets.steps(0) : none };
}
