import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLastCheckpoint } from "../../../src/checkpoint/checkpoint";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { tf } from "../../../src/runtime/tf";
import {
  ConfigError,
  DataError,
  DivergedError,
  EnvironmentError,
  ModelFolderError,
  UsageError,
} from "../../../src/shared/errors";
import type { TrainingEvent } from "../../../src/train/events";
import { startJsRuntime } from "../../helpers/runtime";
import { lastEvent, resumeAll, ringsRequest, trainAll, weightsOf, writeRings } from "../../helpers/tiny-training";

let folder: string;
beforeAll(() => startJsRuntime());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-train-"));
  writeRings(join(folder, "rings.csv"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const model = () => join(folder, "model");
const epochsOf = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) => (event.type === "epoch" ? [event] : []));

describe("a run", () => {
  test("tells its course, learns, and leaves the folder of the contract", async () => {
    const events = await trainAll(await ringsRequest(folder, ["train.epochs=20"]));
    expect(events[0]).toEqual({
      type: "start",
      device: "js",
      precision: "float32",
      engine: "eager",
      resumedFrom: null,
      epochs: 20,
      stepsPerEpoch: 7,
      examples: { train: 54, validation: 6, test: 0 },
      outputs: ["inner", "outer"],
      task: "classification",
      inputs: "vector",
      // 2*8+8 of the first dense, 4*8 of batch normalization, 8*2+2 of the last.
      parameters: 24 + 32 + 18,
    });
    expect(events.filter(({ type }) => type === "step")).toHaveLength(20 * 7);
    const epochs = epochsOf(events);
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual(
      epochs.map((_, index) => [index + 1, 7 * (index + 1)]),
    );
    const done = lastEvent(events, "done");
    expect(done).toMatchObject({ model: model(), epochs: 20, epoch: 20, isStoppedEarly: false });
    expect(done.metrics).toEqual(epochs.at(-1)?.metrics);
    expect(Object.keys(done.metrics)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    expect(done.metrics.loss).toBeLessThan(0.8 * (epochs[0]?.metrics.loss ?? 0));
    expect(readdirSync(model()).sort()).toEqual(["dlctl.json", "model.json", "run", "weights.bin"]);
    expect(readdirSync(join(model(), "run")).sort()).toEqual([
      ...["checkpoints", "config.json", "data-sums.bin", "history.jsonl", "resolved.json", "tensorboard"],
    ]);
    const { description } = await readModelFolder(model());
    expect(description.metrics).toEqual({ epoch: 20, values: done.metrics });
    expect(description).toMatchObject({ labels: ["inner", "outer"], parameters: 74, baseFolder: folder });
  });

  test("leaves no tensor behind, whatever the number of epochs", async () => {
    const left = async (epochs: number) => {
      const before = tf.memory().numTensors;
      await trainAll(await ringsRequest(folder, [`train.epochs=${epochs}`], { model: join(folder, `m${epochs}`) }));
      return tf.memory().numTensors - before;
    };
    expect(await left(1)).toBe(0);
    expect(await left(3)).toBe(0);
  });

  test("keeps a steady number of tensors between epochs", async () => {
    const counts: number[] = [];
    await trainAll(await ringsRequest(folder, ["train.epochs=4"]), {
      onEvent: (event) => {
        if (event.type === "checkpoint") counts.push(tf.memory().numTensors);
      },
    });
    expect(new Set(counts).size).toBe(1);
  });

  test("is the same for the same seed and another for another", async () => {
    const weights = async (seed: number, name: string) => {
      await trainAll(await ringsRequest(folder, ["train.epochs=1", `seed=${seed}`], { model: join(folder, name) }));
      return weightsOf(join(folder, name));
    };
    const first = await weights(1, "a");
    expect(await weights(1, "b")).toEqual(first);
    expect(await weights(2, "c")).not.toEqual(first);
  });

  test("of numbers is a regression, and of a single sigmoid unit a choice of two", async () => {
    const regression = await ringsRequest(folder, [
      'data.columns={"features":["x"],"target":["y"]}',
      'data.ignore=["ring"]',
      "model.layers.3.units=1",
      "model.layers.3.activation=linear",
      "train.epochs=1",
    ]);
    const events = await trainAll(regression);
    expect(lastEvent(events, "start")).toMatchObject({ task: "regression", outputs: ["y"] });
    expect(Object.keys(lastEvent(events, "done").metrics)).toContain("val_meanAbsoluteError");
    const single = await ringsRequest(
      folder,
      ["model.layers.3.units=1", "model.layers.3.activation=sigmoid", "train.epochs=20"],
      { model: join(folder, "single") },
    );
    const done = lastEvent(await trainAll(single), "done");
    expect(done.metrics.accuracy).toBeGreaterThan(0.7);
    expect((await readModelFolder(join(folder, "single"))).description).toMatchObject({
      labels: ["inner", "outer"],
      output: { width: 1 },
    });
  });
});

describe("the best epoch", () => {
  // The rate grows from step to step until what was learned is lost.
  const spoiled = ['train.schedule={"type":"constant","warmupEpochs":12}', "train.optimizer.learningRate=4"];

  /** Weights of a run that ends after `epochs`. */
  async function weightsAfter(epochs: number): Promise<Buffer> {
    const path = join(folder, `after-${epochs}`);
    await trainAll(await ringsRequest(folder, [...spoiled, `train.epochs=${epochs}`], { model: path }));
    return weightsOf(path);
  }

  test.each([
    ["early stopping restores it", 'train.earlyStopping={"patience":2,"monitor":"loss"}', true],
    [
      "early stopping need not restore it",
      'train.earlyStopping={"patience":2,"monitor":"loss","restoreBest":false}',
      true,
    ],
    ['"keep": "best" saves it without stopping', "train.keep=best", false],
  ])("%s", async (_name, override, isStopping) => {
    const monitor = isStopping ? [] : ["train.monitor=loss"];
    const events = await trainAll(await ringsRequest(folder, [...spoiled, override, ...monitor, "train.epochs=8"]));
    const epochs = epochsOf(events);
    const losses = epochs.map(({ metrics }) => metrics.loss as number);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    const done = lastEvent(events, "done");
    expect(best).toBeLessThan(done.epochs);
    expect(done.epochs).toBe(isStopping ? best + 2 : 8);
    expect(done.isStoppedEarly).toBe(isStopping);
    const isRestored = !override.includes("false");
    const saved = isRestored ? best : done.epochs;
    expect(done.epoch).toBe(saved);
    expect(done.metrics).toEqual(epochs[saved - 1]?.metrics);
    expect(weightsOf(model())).toEqual(await weightsAfter(saved));
    expect((await readModelFolder(model())).description.metrics.epoch).toBe(saved);
    if (isStopping) {
      expect(lastEvent(events, "note").message).toMatch(/stopped early: loss has not become better for 2 epochs/);
    }
  });
});

describe("a run that diverges", () => {
  test("ends with step, epoch, learning rate and a hint; the last good checkpoint stays", async () => {
    // Least squares on a standardized feature: each step multiplies the error by about -9, until it overflows.
    const explosive = [
      ...['data.columns={"features":["x"],"target":["y"]}', 'data.ignore=["ring"]', "train.optimizer.type=sgd"],
      ...['model.layers=[{"type":"dense","units":1}]', "train.optimizer.learningRate=5"],
    ];
    const running = trainAll(await ringsRequest(folder, explosive));
    await expect(running).rejects.toThrow(DivergedError);
    await expect(running).rejects.toThrow(
      /the (validation )?loss is no finite number at step \d+ in epoch \d+, at learning rate 5/,
    );
    await expect(running).rejects.toMatchObject({
      hint: expect.stringMatching(/learningRate, such as 0.5, .*gradientClipping/),
    });
    const { state, weights } = await readLastCheckpoint(join(model(), "run", "checkpoints"), () => undefined);
    expect(state.epoch).toBeGreaterThan(0);
    expect(weights.every(({ data }) => data.every(Number.isFinite))).toBe(true);
    expect(existsSync(join(model(), "dlctl.json"))).toBe(false);
  });
});

describe("the output folder", () => {
  test("an unfinished run is refused, and discarded when it is to be overwritten", async () => {
    const stop = (event: TrainingEvent, abort: () => void) => event.type === "step" && event.step === 2 && abort();
    await expect(trainAll(await ringsRequest(folder), { onEvent: stop })).rejects.toThrow("Interrupted");
    const again = trainAll(await ringsRequest(folder));
    await expect(again).rejects.toThrow(UsageError);
    await expect(again).rejects.toMatchObject({ hint: expect.stringMatching(/--resume .*--overwrite/) });
    // What fails before its first step takes nothing away.
    const broken = trainAll(await ringsRequest(folder, ["data.path=absent.csv"], { isOverwriting: true }));
    await expect(broken).rejects.toThrow(DataError);
    expect(existsSync(join(model(), "run", "resolved.json"))).toBe(true);
    const events = await trainAll(await ringsRequest(folder, [], { isOverwriting: true }));
    expect(lastEvent(events, "start").resumedFrom).toBeNull();
    expect(readdirSync(model()).sort()).toEqual(["dlctl.json", "model.json", "run", "weights.bin"]);
  });

  test("a finished model is replaced, and stays when the new run fails", async () => {
    await trainAll(await ringsRequest(folder, ["train.epochs=1"]));
    const old = weightsOf(model());
    await expect(trainAll(await ringsRequest(folder, ["model.layers.3.units=5"]))).rejects.toThrow(ConfigError);
    expect(weightsOf(model())).toEqual(old);
    expect(existsSync(join(model(), "next"))).toBe(false);
    await trainAll(await ringsRequest(folder, ["train.epochs=2"]));
    expect(weightsOf(model())).not.toEqual(old);
    expect(existsSync(join(model(), "next"))).toBe(false);
  });

  test("nothing is left of a run that fails before its first step", async () => {
    await expect(trainAll(await ringsRequest(folder, ["data.path=absent.csv"]))).rejects.toThrow(DataError);
    expect(readdirSync(folder)).toEqual(["rings.csv"]);
  });

  test("files of the same names that are not dlctl's are not overwritten", async () => {
    mkdirSync(model());
    writeFileSync(join(model(), "model.json"), "mine");
    await expect(trainAll(await ringsRequest(folder, [], { isOverwriting: true }))).rejects.toThrow(UsageError);
    rmSync(join(model(), "model.json"));
    mkdirSync(join(model(), "run"));
    await expect(trainAll(await ringsRequest(folder, [], { isOverwriting: true }))).rejects.toThrow(
      /not of a dlctl model/,
    );
    expect(readdirSync(model())).toEqual(["run"]);
  });

  test("a path that can't be a folder is an EnvironmentError naming it", async () => {
    writeFileSync(join(folder, "file"), "");
    const running = trainAll(await ringsRequest(folder, [], { model: join(folder, "file", "model") }));
    await expect(running).rejects.toThrow(EnvironmentError);
    await expect(running).rejects.toThrow(join(folder, "file", "model"));
  });

  test("two runs can't work on one folder", async () => {
    let second: Promise<TrainingEvent[]> | undefined;
    const request = await ringsRequest(folder, ["train.epochs=1"], { isOverwriting: true });
    await trainAll(request, {
      onEvent: (event) => {
        if (event.type === "step" && event.step === 1) {
          second = trainAll(request);
          second.catch(() => undefined);
        }
      },
    });
    await expect(second).rejects.toThrow(/Another process works on/);
  });
});

describe("weights of another model", () => {
  test("are taken by layer name and shape, and what was not is told", async () => {
    const source = join(folder, "source");
    await trainAll(await ringsRequest(folder, ["train.epochs=1", "model.layers.0.name=shared"], { model: source }));
    const frozen = ["model.layers.0.name=shared", "train.epochs=1", "model.layers.3.name=other"];
    // A rate so small that float32 weights do not move.
    const still = 'train.optimizer={"type":"sgd","learningRate":1e-30}';
    const request = await ringsRequest(folder, [...frozen, still], { initFrom: source });
    const notes = (await trainAll(request)).flatMap((event) => (event.type === "note" ? [event.message] : []));
    expect(notes[0]).toMatch(/weights taken from .*source: shared/);
    expect(notes[1]).toMatch(/weights not taken: other \(no layer of this name\)/);
    const kernel = async (path: string) => {
      const loaded = await (await readModelFolder(path)).loadModel();
      const values = [...(loaded.getLayer("shared").getWeights()[0]?.dataSync() ?? [])];
      loaded.dispose();
      return values;
    };
    expect(await kernel(model())).toEqual(await kernel(source));
  });

  test("where nothing fits, that is an error", async () => {
    const source = join(folder, "source");
    await trainAll(await ringsRequest(folder, ["train.epochs=1"], { model: source }));
    const names = [0, 1, 3].map((index) => `model.layers.${index}.name=other${index}`);
    const running = trainAll(await ringsRequest(folder, names, { initFrom: source }));
    await expect(running).rejects.toThrow(ModelFolderError);
    await expect(running).rejects.toThrow(/No layer of/);
    expect(existsSync(model())).toBe(false);
  });
});

describe("a config that does not fit its data", () => {
  test.each<[string, string[], RegExp]>([
    [
      "too many outputs",
      ["model.layers.3.units=5"],
      /model\.layers\[3\]: the last layer puts out \[batch, 5\], and for 2 classes it must be \[batch, 2\]/,
    ],
    [
      "a task that the targets are not",
      ["task=regression", "model.layers.3.units=1", "model.layers.3.activation=linear"],
      /task/,
    ],
    [
      "a weight for a class that is not there",
      ['train.classWeights={"inner":2,"middle":3}'],
      /train\.classWeights\["middle"\]: the data has no such class/,
    ],
    ["a figure that is not measured", ["train.monitor=val_f1"], /train\.monitor: .*val_f1/],
    [
      "a loss for several outputs on one",
      ["model.layers.3.units=1", "model.layers.3.activation=sigmoid", "train.loss=categoricalCrossentropy"],
      /train\.loss/,
    ],
    ["the same metric twice", ['train.metrics=["accuracy","accuracy"]'], /train\.metrics\[1\]/],
  ])("%s", async (_name, overrides, message) => {
    const running = (async () => trainAll(await ringsRequest(folder, overrides)))();
    await expect(running).rejects.toThrow(ConfigError);
    await expect(running).rejects.toThrow(message);
    expect(existsSync(model())).toBe(false);
  });

  test("a class without training examples, imbalance, and no validation are warned of", async () => {
    const rows = Array.from({ length: 40 }, (_, index) => `${index},${-index},${index < 34 ? "inner" : "outer"}`);
    writeFileSync(join(folder, "rings.csv"), `x,y,ring\n${rows.join("\n")}\n`);
    const events = await trainAll(
      await ringsRequest(folder, [
        "data.split.validation=0",
        'data.labels=["inner","outer","other"]',
        "train.epochs=1",
      ]),
    );
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
    expect(warnings).toEqual([
      expect.stringMatching(/no training example is of "other"/),
      expect.stringMatching(/"inner" has 34 training examples, "outer" 6/),
      expect.stringMatching(/no validation data/),
    ]);
    expect(Object.keys(lastEvent(events, "done").metrics)).toEqual(["loss", "accuracy"]);
  });
});

test("balanced class weights change what is learned", async () => {
  const rows = Array.from({ length: 40 }, (_, index) => `${index % 7},${-index},${index % 10 ? "inner" : "outer"}`);
  writeFileSync(join(folder, "rings.csv"), `x,y,ring\n${rows.join("\n")}\n`);
  await trainAll(await ringsRequest(folder, ["train.epochs=1"]));
  await trainAll(
    await ringsRequest(folder, ["train.epochs=1", "train.classWeights=balanced"], { model: join(folder, "balanced") }),
  );
  expect(weightsOf(model())).not.toEqual(weightsOf(join(folder, "balanced")));
});

test("a long run can be read while it runs: history and TensorBoard events are on disk after each epoch", async () => {
  const lines: number[] = [];
  await trainAll(await ringsRequest(folder), {
    onEvent: (event) => {
      if (event.type === "epoch")
        lines.push(
          readFileSync(join(model(), "run", "history.jsonl"), "utf8")
            .trim()
            .split("\n").length,
        );
    },
  });
  expect(lines).toEqual([1, 2, 3]);
  expect(await resumeAll(model()).catch((error: Error) => error.message)).toMatch(/is finished/);
});
