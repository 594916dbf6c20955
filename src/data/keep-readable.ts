import { DataError } from "../shared/errors";
import { visibleText } from "../shared/visible-text";
import type { ExampleSet, ExampleTargets, SkippedExample } from "./example-set";
import { decodeImage } from "./images/decode-image";
import { forEachInParallel } from "./images/for-each-in-parallel";

/**
 * `set` without the examples whose image file can't be read, which are listed in `skipped`. Each image is decoded once
 * to find out: damage may be anywhere in a file. Other sets are given back as they are. Throws DataError when no image is left.
 */
export async function keepReadable(set: ExampleSet, signal?: AbortSignal): Promise<ExampleSet> {
  const { inputs } = set;
  if (inputs.kind !== "image") return set;
  const reasons = new Map<number, string>();
  await forEachInParallel(
    set.count,
    async (example) => {
      const origin = set.origin(example);
      try {
        await decodeImage(inputs.image(example), origin);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        reasons.set(example, withoutStart(error.message, `${origin}: `));
      }
    },
    signal,
  );
  if (reasons.size === 0) return set;
  const skipped = [...reasons.keys()]
    .sort((a, b) => a - b)
    .map((example) => ({ origin: set.origin(example), reason: reasons.get(example) as string }));
  if (skipped.length === set.count) {
    throw new DataError(`None of the ${set.count} images can be read; ${describe(skipped.slice(0, 1))}`);
  }
  const kept = Int32Array.from({ length: set.count }, (_, example) => example).filter((each) => !reasons.has(each));
  return { ...select(set, kept), skipped, warnings: [...set.warnings, warning(skipped, set.count)] };
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}

const namedInWarning = 5;

function warning(skipped: readonly SkippedExample[], count: number): string {
  const more = skipped.length > namedInWarning ? `; and ${skipped.length - namedInWarning} more` : "";
  const was = skipped.length === 1 ? "was" : "were";
  return `${skipped.length} of ${count} images can't be read and ${was} skipped: ${describe(skipped.slice(0, namedInWarning))}${more}`;
}

function describe(skipped: readonly SkippedExample[]): string {
  return skipped.map(({ origin, reason }) => `${visibleText(origin)} (${reason})`).join("; ");
}

/** The examples that `kept` names, ascending, of a set of images. */
function select(set: ExampleSet, kept: Int32Array): ExampleSet {
  const before = (example: number) => kept[example] as number;
  const { inputs, group } = set;
  if (inputs.kind !== "image") throw new TypeError(`images are selected, not ${inputs.kind}`);
  return {
    ...set,
    inputs: { kind: "image", count: kept.length, image: (example) => inputs.image(before(example)) },
    targets: selectTargets(set.targets, kept),
    count: kept.length,
    ownSplit: (example) => set.ownSplit(before(example)),
    origin: (example) => set.origin(before(example)),
    ...(group ? { group: (example: number) => group(before(example)) } : {}),
  };
}

function selectTargets(targets: ExampleTargets, kept: Int32Array): ExampleTargets {
  switch (targets.kind) {
    case "class":
      return { ...targets, indices: kept.map((example) => targets.indices[example] as number) };
    case "values": {
      const width = targets.names.length;
      const values = new Float32Array(kept.length * width);
      for (const [place, example] of kept.entries()) {
        values.set(targets.values.subarray(example * width, (example + 1) * width), place * width);
      }
      return { ...targets, values };
    }
    case "sequence":
      return { ...targets, steps: (example) => targets.steps(kept[example] as number) };
  }
}
