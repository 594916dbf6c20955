import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config-schema";
import { parseConfig } from "../config/load-config";
import type { ExampleInputs, ExampleSet } from "../data/example-set";
import { fitPreprocessing } from "../data/preprocess/preprocessing";
import { packageFolder } from "../runtime/package-folders";
import type { BenchFigures, BenchOptions } from "./bench";
import { benchData } from "./bench-config";
import { madeUpInputs } from "./made-up-inputs";
import { startStopwatch } from "./stopwatch";

const quickstart = join(packageFolder, "configs", "quick", "quickstart.json");
const count = 2048;
const [height, width] = [28, 28];

/** The quickstart's config, for which no data needs to be here. */
export function quickstartConfig(): Config {
  return parseConfig(JSON.parse(readFileSync(quickstart, "utf8")), quickstart);
}

/** Measures the quickstart's CNN on made-up images of the shape of its own. */
export async function benchMadeUp(config: Config, options: BenchOptions): Promise<BenchFigures> {
  options.onPart("making up data");
  const stop = startStopwatch();
  const set = madeUpImages();
  const train = Int32Array.from({ length: count }, (_, index) => index);
  const preprocessing = await fitPreprocessing(config.data.preprocess, set, train);
  const inputs = preprocessing.encode(set.inputs, { origin: set.origin, cache: "memory" });
  const splits = { train, validation: new Int32Array(), test: new Int32Array() };
  const data = { task: "classification" as const, set, splits, preprocessing, inputs, warnings: [], facts: [] };
  return benchData(config, data, {
    ...options,
    openSeconds: stop().seconds,
    notes: ["the quickstart's CNN on made-up images; name a config or a model folder to measure that"],
  });
}

function madeUpImages(): ExampleSet {
  const size = height * width;
  const { data } = madeUpInputs({ dtype: "uint8", shape: [count, height, width] });
  const pixels = data as Uint8Array;
  const image = (index: number) => {
    return { pixels: pixels.subarray(index * size, (index + 1) * size), width, height, channels: 1 as const };
  };
  const inputs: ExampleInputs = { kind: "image", count, image };
  const labels = Array.from({ length: 10 }, (_, label) => String(label));
  return {
    inputs,
    targets: { kind: "class", labels, indices: Int32Array.from({ length: count }, (_, index) => index % 10) },
    count,
    ownSplit: () => undefined,
    origin: (index) => `made-up image ${index}`,
    warnings: [],
  };
}
