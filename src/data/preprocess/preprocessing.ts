import { DataError } from "../../shared/errors";
import type { CacheMode } from "../cache/choose-cache";
import type { ExampleSet } from "../example-set";
import type { Colour } from "../images/decode-image";
import { checkPreprocess } from "./check-preprocess";
import { fitCorpus, restoreCorpus } from "./corpus-preprocessing";
import type { Preprocessing } from "./define-preprocessing";
import { fitImages, restoreImages } from "./image-preprocessing";
import type { PreprocessConfig } from "./preprocess-config";
import { parsePreprocessingRecord } from "./preprocessing-record";
import { requireNoProblems } from "./require-no-problems";
import { fitSeries, restoreSeries } from "./series-preprocessing";
import { fitText, restoreText } from "./text-preprocessing";
import { isCorpusSet, isRowSet } from "./uncut-sets";
import { fitVectors, restoreVectors } from "./vector-preprocessing";
import { fitWindows, restoreWindows } from "./window-preprocessing";
import { wrongKind } from "./wrong-kind";

export type { Preprocessing } from "./define-preprocessing";

interface FitOptions {
  /** What transparent pixels are blended on; black by default. */
  readonly background?: Colour;
  /** Whether tokenizers and tokens are kept for later runs and looked for: as `data.cache`; "none" by default. */
  readonly cache?: CacheMode;
}

/**
 * Preprocessing by `ops`, fitted on `trainingExamples` of `set` alone (rows or characters where it is still to be
 * arranged). Throws ConfigError when ops and data don't go together, and DataError when examples differ in size and no
 * op makes them one.
 */
export async function fitPreprocessing(
  ops: PreprocessConfig,
  set: ExampleSet,
  trainingExamples: Int32Array,
  { background = [0, 0, 0], cache = "none" }: FitOptions = {},
): Promise<Preprocessing> {
  if (trainingExamples.length === 0) {
    throw new DataError("There are no training examples", { hint: "Give data.split smaller fractions, or add data." });
  }
  const { inputs } = set;
  const origin = (index: number) => set.origin(index);
  if (inputs.kind === "image") return fitImages(ops, { inputs, trainingExamples, origin, background });
  if (isCorpusSet(set)) {
    requireNoProblems(checkPreprocess(ops, "corpus"));
    return fitCorpus(ops, set, trainingExamples, cache);
  }
  if (isRowSet(set)) {
    const { names } = set.inputs;
    requireNoProblems(checkPreprocess(ops, "window", { features: names.length }));
    return fitWindows(ops, set, trainingExamples);
  }
  switch (inputs.kind) {
    case "vector":
      requireNoProblems(checkPreprocess(ops, "vector", { features: inputs.names.length }));
      return fitVectors(ops, inputs, trainingExamples);
    case "series":
      requireNoProblems(checkPreprocess(ops, "series", { features: inputs.names.length }));
      return fitSeries(ops, inputs, trainingExamples, origin);
    case "text":
      requireNoProblems(checkPreprocess(ops, "text", { isTokenized: inputs.isTokenized ?? false }));
      return fitText(ops, inputs, trainingExamples, { origin, cache });
    default:
      throw wrongKind("vector", inputs.kind);
  }
}

/** Preprocessing as a model folder records it. Throws ModelFolderError when the record is not sound. */
export function restorePreprocessing(record: unknown): Preprocessing {
  const parsed = parsePreprocessingRecord(record);
  switch (parsed.kind) {
    case "image":
      return restoreImages(parsed);
    case "vector":
      return restoreVectors(parsed);
    case "series":
      return restoreSeries(parsed);
    case "text":
      return restoreText(parsed);
    case "window":
      return restoreWindows(parsed);
    case "tokens":
      return restoreCorpus(parsed);
  }
}
