import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { DataError, InterruptedError, UsageError } from "../../../src/shared/errors";
import type { TrainingEvent } from "../../../src/train/events";
import { describeEachDevice } from "../../helpers/runtime";
import {
  historyOf,
  lastEvent,
  resumeAll,
  ringsConfig,
  ringsRequest,
  trainAll,
  weightsOf,
  writeRings,
} from "../../helpers/tiny-training";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-resume-"));
  writeRings(join(folder, "rings.csv"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const model = () => join(folder, "model");
const isStep = (event: TrainingEvent, step: number) => event.type === "step" && event.step === step;
const isValidation = (event: TrainingEvent, epoch: number) => event.type === "validation" && event.epoch === epoch;
const isEpoch = (event: TrainingEvent, epoch: number) => event.type === "epoch" && event.epoch === epoch;

/** What must be remembered in each: slots, schedule's memory, early stopping and the best, partial sums. */
const settings: [string, string[]][] = [
  ["adam", []],
  [
    "momentum, cosine with warm-up",
    ['train.optimizer={"type":"momentum","momentum":0.9}', 'train.schedule={"type":"cosine","warmupEpochs":1}'],
  ],
  [
    "reduce on plateau, best kept",
    [
      'train.schedule={"type":"reduceOnPlateau","patience":1,"minDelta":1}',
      "train.keep=best",
      'train.earlyStopping={"patience":2,"monitor":"loss"}',
    ],
  ],
];

describeEachDevice("a run that was interrupted and resumed ends as one that was not", () => {
  test.each(settings)("%s", async (_name, overrides) => {
    const whole = await trainAll(await ringsRequest(folder, overrides, { model: join(folder, "whole") }));
    expect(lastEvent(whole, "done")).toMatchObject({ epochs: 3 });
    const request = await ringsRequest(folder, overrides);
    // In the first epoch, in the second one's validation, after the second, and again at once.
    const first = trainAll(request, { onEvent: (event, abort) => isStep(event, 3) && abort() });
    await expect(first).rejects.toThrow(InterruptedError);
    await expect(first).rejects.toMatchObject({ hint: `Go on with: dlctl train --resume ${model()}` });
    const second = resumeAll(model(), { onEvent: (event, abort) => isValidation(event, 2) && abort() });
    await expect(second).rejects.toThrow(/epoch 2, after step 14/);
    await expect(resumeAll(model(), { onEvent: (event, abort) => isEpoch(event, 2) && abort() })).rejects.toThrow(
      /epoch 3, after step 14/,
    );
    const events = await resumeAll(model());
    expect(lastEvent(events, "start").resumedFrom).toEqual({ epoch: 2, step: 14 });
    expect(weightsOf(model())).toEqual(weightsOf(join(folder, "whole")));
    expect(historyOf(model())).toEqual(historyOf(join(folder, "whole")));
    expect(lastEvent(events, "done").metrics).toEqual(lastEvent(whole, "done").metrics);
  });
});

describeEachDevice("resuming", (device) => {
  test("before the first step: from the checkpoint of step 0", async () => {
    await trainAll(await ringsRequest(folder, [], { model: join(folder, "whole") }));
    const stopped = trainAll(await ringsRequest(folder), {
      onEvent: (event) => {
        // As if killed: the run is left as it stands.
        if (event.type === "start") throw new Error("killed");
      },
    });
    await expect(stopped).rejects.toThrow("killed");
    expect(readdirSync(join(model(), "run", "checkpoints"))).toEqual(["step-0-epoch-0"]);
    expect(lastEvent(await resumeAll(model()), "start").resumedFrom).toEqual({ epoch: 0, step: 0 });
    expect(weightsOf(model())).toEqual(weightsOf(join(folder, "whole")));
  });

  if (device === "cpu") return;

  test("needs neither the config nor the current folder; but the data as it was", async () => {
    const stopped = trainAll(await ringsRequest(folder), { onEvent: (event, abort) => isStep(event, 9) && abort() });
    await expect(stopped).rejects.toThrow(InterruptedError);
    writeRings(join(folder, "rings.csv"), 62);
    const other = resumeAll(model());
    await expect(other).rejects.toThrow(DataError);
    await expect(other).rejects.toThrow(
      /data has changed.*: it had 60 examples and has 62; .*rings\.csv row 61, .* are new/,
    );
    const [head, first, ...rest] = readFileSync(join(folder, "rings.csv"), "utf8").trimEnd().split("\n").slice(0, 61);
    writeFileSync(join(folder, "rings.csv"), [head, first?.replace("0.5", "0.6"), ...rest, ""].join("\n"));
    await expect(resumeAll(model())).rejects.toThrow(
      /data has changed.*: the content of .*rings\.csv row 1 has changed$/,
    );
    writeFileSync(join(folder, "rings.csv"), [head, first?.replace("inner", "outer"), ...rest, ""].join("\n"));
    await expect(resumeAll(model())).rejects.toThrow(/rings\.csv row 1 is new or has another target$/);
    writeRings(join(folder, "rings.csv"));
    expect(lastEvent(await resumeAll(model()), "done").epochs).toBe(3);
    expect(existsSync(join(model(), "run", "lock"))).toBe(false);
  });

  test("a finished run is refused, with what to do instead", async () => {
    await trainAll(await ringsRequest(folder));
    const again = resumeAll(model());
    await expect(again).rejects.toThrow(UsageError);
    await expect(again).rejects.toMatchObject({ hint: expect.stringMatching(/--extend.*--epochs.*--init-from/) });
    await expect(resumeAll(join(folder, "nothing"))).rejects.toThrow(/no run in/);
  });

  test("tells which keys of the config file have changed, and goes on with those it began with", async () => {
    writeFileSync(join(folder, "rings.json"), JSON.stringify(ringsConfig));
    await expect(
      trainAll(await ringsRequest(folder), { onEvent: (event, abort) => isStep(event, 9) && abort() }),
    ).rejects.toThrow(InterruptedError);
    const changed = { ...ringsConfig, seed: 4, train: { ...ringsConfig.train, epochs: 5 } };
    writeFileSync(join(folder, "rings.json"), JSON.stringify(changed));
    const events = await resumeAll(model());
    expect(lastEvent(events, "warning").message).toMatch(/rings\.json has changed .*\(seed, train\.epochs\)/);
    expect(lastEvent(events, "done").epochs).toBe(3);
  });

  test("a recorded config that was changed is refused", async () => {
    await expect(
      trainAll(await ringsRequest(folder), { onEvent: (event, abort) => isStep(event, 9) && abort() }),
    ).rejects.toThrow(InterruptedError);
    const path = join(model(), "run", "resolved.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"epochs": 3', '"epochs": 9'));
    await expect(resumeAll(model())).rejects.toThrow(/resolved\.json was changed since the run began/);
  });

  test("goes on from the checkpoint before a damaged one, and says so", async () => {
    const overrides = ["train.checkpoints.keepLast=3"];
    await trainAll(await ringsRequest(folder, overrides, { model: join(folder, "whole") }));
    const stopped = trainAll(await ringsRequest(folder, overrides), {
      onEvent: (event, abort) => isStep(event, 16) && abort(),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    writeFileSync(join(model(), "run", "checkpoints", "step-16-epoch-2", "slots.bin"), "");
    const events = await resumeAll(model());
    expect(lastEvent(events, "warning").message).toMatch(/step-16-epoch-2\/slots\.bin is damaged.*older checkpoint/);
    expect(lastEvent(events, "start").resumedFrom).toEqual({ epoch: 2, step: 14 });
    expect(weightsOf(model())).toEqual(weightsOf(join(folder, "whole")));
  });

  test("the run of a finished model that is to be replaced: the old one is usable until then", async () => {
    await trainAll(await ringsRequest(folder, ["train.epochs=1"]));
    const old = weightsOf(model());
    const stopped = trainAll(await ringsRequest(folder), { onEvent: (event, abort) => isStep(event, 9) && abort() });
    await expect(stopped).rejects.toThrow(InterruptedError);
    expect(weightsOf(model())).toEqual(old);
    expect((await readModelFolder(model())).description.training.epochs).toBe(1);
    await expect(trainAll(await ringsRequest(folder))).rejects.toThrow(/There is an unfinished run/);
    await resumeAll(model());
    expect((await readModelFolder(model())).description.training.epochs).toBe(3);
    expect(readdirSync(model()).sort()).toEqual(["dlctl.json", "model.json", "run", "weights.bin"]);
    expect(historyOf(model())).toHaveLength(3);
  });

  test("a long epoch is saved in its midst every ten minutes, so that a kill loses no more", async () => {
    await trainAll(await ringsRequest(folder, [], { model: join(folder, "whole") }));
    const clock = jest.spyOn(performance, "now");
    let skipped = 0;
    clock.mockImplementation(() => Date.now() + skipped);
    try {
      const killed = trainAll(await ringsRequest(folder), {
        onEvent: (event) => {
          if (isStep(event, 2)) skipped += 11 * 60_000;
          if (isStep(event, 5)) throw new Error("killed");
        },
      });
      await expect(killed).rejects.toThrow("killed");
    } finally {
      clock.mockRestore();
    }
    expect(readdirSync(join(model(), "run", "checkpoints")).sort()).toEqual(["step-0-epoch-0", "step-2-epoch-0"]);
    expect(lastEvent(await resumeAll(model()), "start").resumedFrom).toEqual({ epoch: 0, step: 2 });
    expect(weightsOf(model())).toEqual(weightsOf(join(folder, "whole")));
  });
});
