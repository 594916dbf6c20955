import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import type { Config } from "../config/config-schema";
import { loadConfig } from "../config/load-config";
import { chooseSamples } from "../data-view/choose-samples";
import { surveyData } from "../data-view/survey-data";
import { tokenSamples } from "../data-view/token-samples";
import type { DeviceRequest } from "../runtime/start-runtime";
import type { TrainingData } from "../train/open-data";
import { withData } from "../validate/with-data";
import type { CommandContext } from "./context";
import { describeSurvey, describeTokens } from "./describe-survey";
import { startDevice } from "./start-device";

export interface DataOptions {
  /** A folder for pictures of samples. */
  readonly output?: string;
  /** Examples that are shown. */
  readonly samples?: number;
  /** Images that are decoded for the survey. */
  readonly decode?: number;
  /** For augmentation. */
  readonly device?: DeviceRequest;
}

/** `dlctl data`: what a config's model will see, and what is suspicious in it. */
export async function dataCommand(
  context: CommandContext,
  path: string,
  overrides: readonly string[],
  { output, samples: most = 10, decode: mostDecoded = 2000, device }: DataOptions,
): Promise<void> {
  const { signal } = context;
  const loaded = await loadConfig(path, overrides);
  await withData(loaded, signal, async (data) => {
    const progress = context.progress("Looking at images");
    const onProgress = (done: number, all: number) => progress.update(done, `of ${all.toLocaleString("en-US")}`);
    const survey = await surveyData(data, { mostDecoded, signal, onProgress }).finally(() => progress.finish());
    const examples = chooseSamples(data, loaded.config.seed, most);
    const tokens = tokenSamples(data, examples.slice(0, mostTexts));
    for (const line of [...describeSurvey(path, survey), ...describeTokens(tokens)]) context.print(line);
    const samples = describeSamples(data, examples);
    const files =
      output === undefined ? undefined : await draw(context, { output, device }, loaded.config, data, examples);
    if (files) for (const line of describeFiles(files, loaded.config, samples)) context.print(line);
    for (const warning of survey.warnings) context.warn(warning);
    await context.json({ path, ...survey, samples, tokens, ...(files ? { files } : {}) });
  });
}

/** Texts that are shown with their tokens. */
const mostTexts = 3;

async function draw(
  context: CommandContext,
  { output, device }: { readonly output: string; readonly device: DeviceRequest | undefined },
  config: Config,
  data: TrainingData,
  examples: Int32Array,
): Promise<string[]> {
  const isAugmented = data.set.inputs.kind === "image" && config.data.augment.length > 0;
  if (isAugmented) await startDevice(context, device);
  return writePictures(output, await picturesOf(data, config, examples, context.signal));
}

function describeFiles(files: readonly string[], config: Config, samples: readonly Sample[]): string[] {
  if (files.length === 0) return ["", "There is nothing to draw of these inputs."];
  const wrote = ["", ...files.map((file) => `Wrote ${file}`)];
  if (!files.some((file) => file.endsWith(".png"))) return wrote;
  const columns = [
    "as it is",
    "as the model takes it",
    ...(config.data.augment.length > 0 ? ["augmented, twice"] : []),
  ];
  const rows = samples.map(({ label, origin }) => `  ${label === undefined ? "" : `${label}  `}${origin}`);
  return [...wrote, `From left to right: ${columns.join(", ")}; from top to bottom:`, ...rows];
}

type Pictures = readonly { readonly name: string; readonly content: Uint8Array | string }[];

async function picturesOf(
  data: TrainingData,
  config: Config,
  examples: Int32Array,
  signal: AbortSignal,
): Promise<Pictures> {
  if (data.set.inputs.kind === "image") {
    // Only pictures need what draws them.
    const { contactSheet } = await import("../data-view/contact-sheet.js");
    return [{ name: "contact-sheet.png", content: await contactSheet(data, config, examples, signal) }];
  }
  const { seriesDrawings } = await import("../data-view/series-drawings.js");
  const drawn = await seriesDrawings(data, examples);
  return drawn.map((content, index) => ({ name: `series-${String(index + 1).padStart(2, "0")}.svg`, content }));
}

async function writePictures(folder: string, pictures: Pictures): Promise<string[]> {
  const otherPlace = "another folder with --output";
  if (pictures.length === 0) return [];
  await writing(folder, () => mkdir(folder, { recursive: true }), otherPlace);
  for (const { name, content } of pictures) await writeFileAtomically(join(folder, name), content, otherPlace);
  return pictures.map(({ name }) => join(folder, name));
}

interface Sample {
  readonly origin: string;
  readonly label: string | undefined;
}

function describeSamples({ set }: TrainingData, examples: Int32Array): Sample[] {
  const { targets } = set;
  return Array.from(examples, (example) => ({
    origin: set.origin(example),
    label: targets.kind === "class" ? targets.labels[targets.indices[example] as number] : undefined,
  }));
}
