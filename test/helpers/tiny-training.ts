import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../src/config/load-config";
import { startRuntime } from "../../src/runtime/start-runtime";
import type { TrainingEvent } from "../../src/train/events";
import { openRun, resumeTraining } from "../../src/train/resume-training";
import { type TrainRequest, train } from "../../src/train/train";

/** Points in two rings: two features and a class, which a small net learns in some epochs. */
export function writeRings(path: string, count = 60): void {
  const rows = Array.from({ length: count }, (_, index) => {
    const radius = index % 2 === 0 ? 0.5 : 1.5;
    const angle = 2.4 * index;
    return [radius * Math.cos(angle), radius * Math.sin(angle), index % 2 === 0 ? "inner" : "outer"].join(",");
  });
  writeFileSync(path, `x,y,ring\n${rows.join("\n")}\n`);
}

/** A config on `rings.csv`, 54 training examples in 7 steps an epoch, with dropout, so that resuming has much to get wrong. */
export const ringsConfig = {
  name: "rings",
  seed: 3,
  data: {
    source: "csv",
    path: "rings.csv",
    columns: { features: ["x", "y"], label: "ring" },
    split: { validation: 0.1 },
    preprocess: [{ op: "standardize" }],
  },
  model: {
    layers: [
      { type: "dense", units: 8, activation: "tanh" },
      { type: "batchNormalization" },
      { type: "dropout", rate: 0.2 },
      { type: "dense", units: "classes", activation: "softmax" },
    ],
  },
  train: { epochs: 3, batchSize: 8, optimizer: { type: "adam", learningRate: 0.01 } },
};

type RequestOptions = Partial<Omit<TrainRequest, "config" | "runtime">>;

/** A request to train `ringsConfig` with overrides (`train.epochs=5`) in `folder`, which holds rings.csv, on the running device. */
export async function ringsRequest(
  folder: string,
  overrides: string[] = [],
  options: RequestOptions = {},
): Promise<TrainRequest> {
  return {
    config: parseConfig(ringsConfig, "rings.json", overrides),
    given: ringsConfig,
    configPath: join(folder, "rings.json"),
    baseFolder: folder,
    overrides,
    model: join(folder, "model"),
    isOverwriting: false,
    runtime: await startRuntime("auto"),
    ...options,
  };
}

interface Watch {
  /** Called with each event; may abort. */
  onEvent?(event: TrainingEvent, abort: () => void): void;
}

/** Runs to the end and returns all events. */
export async function trainAll(request: TrainRequest, { onEvent }: Watch = {}): Promise<TrainingEvent[]> {
  const controller = new AbortController();
  return collect(train(request, controller.signal), (event) => onEvent?.(event, () => controller.abort()));
}

/** Resumes the run in `model` and returns all events. */
export async function resumeAll(model: string, { onEvent }: Watch = {}): Promise<TrainingEvent[]> {
  const controller = new AbortController();
  const events = resumeTraining(await openRun(model), await startRuntime("auto"), controller.signal);
  return collect(events, (event) => onEvent?.(event, () => controller.abort()));
}

async function collect(
  events: AsyncIterable<TrainingEvent>,
  onEvent: (event: TrainingEvent) => void,
): Promise<TrainingEvent[]> {
  const list: TrainingEvent[] = [];
  for await (const event of events) {
    list.push(event);
    onEvent(event);
  }
  return list;
}

/** The one event of a type, or the last of several. */
export function lastEvent<Type extends TrainingEvent["type"]>(
  events: readonly TrainingEvent[],
  type: Type,
): Extract<TrainingEvent, { type: Type }> {
  const found = events.filter((event) => event.type === type).at(-1);
  if (!found) throw new Error(`no event "${type}"`);
  return found as Extract<TrainingEvent, { type: Type }>;
}

export const weightsOf = (model: string): Buffer => readFileSync(join(model, "weights.bin"));

/** history.jsonl without what differs from run to run. */
export function historyOf(model: string): object[] {
  const lines = readFileSync(join(model, "run", "history.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => ({ ...JSON.parse(line), seconds: 0 }));
}
