import { DataError } from "../../shared/errors";
import type { ExampleTargets } from "../example-set";
import { sortLabels } from "./sort-labels";

interface ClassTargetsRequest {
  /** One label for each example. */
  readonly given: readonly string[];
  /** `data.labels`, which names and orders the classes. */
  readonly labels: readonly string[] | undefined;
  /** What a person calls an example, for errors. */
  readonly origin: (index: number) => string;
  /** Where the labels come from, for errors: `column "species"`, `folders`. */
  readonly where: string;
}

/** Turns labels into class indices. Throws DataError for a label that `labels` lacks, and where there is only one class. */
export function classTargets({
  given,
  labels,
  origin,
  where,
}: ClassTargetsRequest): ExampleTargets & { kind: "class" } {
  const order = labels ?? sortLabels(given);
  if (order.length < 2) {
    throw new DataError(`There is only one class, "${order[0] ?? ""}" (${where}); telling classes apart needs two`, {
      hint: "Add examples of another class, or check which column or folder holds the classes.",
    });
  }
  const positions = new Map(order.map((label, position) => [label, position]));
  const indices = new Int32Array(given.length);
  for (const [index, label] of given.entries()) {
    const position = positions.get(label);
    if (position === undefined) {
      throw new DataError(`${origin(index)}: the label "${label}" (${where}) is not in data.labels`, {
        hint: `data.labels names: ${listed(order)}. Add it there, or correct the data.`,
      });
    }
    indices[index] = position;
  }
  return { kind: "class", labels: order, indices };
}

const shown = 12;

function listed(labels: readonly string[]): string {
  const more = labels.length > shown ? `, and ${labels.length - shown} more` : "";
  return labels.slice(0, shown).join(", ") + more;
}
