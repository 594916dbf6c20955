import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { startRuntime } from "../../../src/runtime/start-runtime";
import { InterruptedError, UsageError } from "../../../src/shared/errors";
import type { TrainingEvent } from "../../../src/train/events";
import { extendRun } from "../../../src/train/extend-run";
import { resumeTraining } from "../../../src/train/resume-training";
import { startJsRuntime } from "../../helpers/runtime";
import {
  historyOf,
  lastEvent,
  resumeAll,
  ringsRequest,
  trainAll,
  weightsOf,
  writeRings,
} from "../../helpers/tiny-training";

let folder: string;
beforeAll(() => startJsRuntime());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-extend-"));
  writeRings(join(folder, "rings.csv"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const model = () => join(folder, "model");

async function extendAll(epochs: number, stopAfter?: number): Promise<TrainingEvent[]> {
  const controller = new AbortController();
  const events: TrainingEvent[] = [];
  const run = await extendRun(model(), epochs);
  for await (const event of resumeTraining(run, await startRuntime("js"), controller.signal)) {
    events.push(event);
    if (event.type === "step" && event.step === stopAfter) controller.abort();
  }
  return events;
}

describe("a finished run that is made longer", () => {
  test("ends as one that was to be as long from the start; the old model stays until then", async () => {
    const settings = ['train.schedule={"type":"reduceOnPlateau","patience":1,"minDelta":1}', "train.keep=best"];
    const longer = ["train.epochs=4", ...settings];
    await trainAll(await ringsRequest(folder, longer, { model: join(folder, "whole") }));
    await trainAll(await ringsRequest(folder, ["train.epochs=2", ...settings]));
    const old = weightsOf(model());
    await expect(extendAll(4, 17)).rejects.toThrow(InterruptedError);
    expect(weightsOf(model())).toEqual(old);
    await expect(extendRun(model(), 5)).rejects.toThrow(/is not finished/);
    const events = await resumeAll(model());
    expect(lastEvent(events, "start").resumedFrom).toEqual({ epoch: 2, step: 17 });
    expect(weightsOf(model())).toEqual(weightsOf(join(folder, "whole")));
    expect(historyOf(model())).toEqual(historyOf(join(folder, "whole")));
    expect((await readModelFolder(model())).description.config).toMatchObject({ train: { epochs: 4 } });
    expect(readdirSync(model()).sort()).toEqual(["dlctl.json", "model.json", "run", "weights.bin"]);
  });

  test("goes on where it had stopped early", async () => {
    const stopping = 'train.earlyStopping={"patience":1,"monitor":"loss","minDelta":1}';
    const events = await trainAll(await ringsRequest(folder, ["train.epochs=9", stopping]));
    const { epochs } = lastEvent(events, "done");
    expect(epochs).toBeLessThan(9);
    const extended = lastEvent(await extendAll(epochs + 1), "done");
    expect(extended.epochs).toBe(epochs + 1);
    expect(historyOf(model())).toHaveLength(epochs + 1);
  });

  test("is refused where there is none, or it is as long already; nothing is left then", async () => {
    await expect(extendRun(model(), 3)).rejects.toThrow(/There is no run/);
    await trainAll(await ringsRequest(folder, ["train.epochs=2"]));
    const refused = extendRun(model(), 2);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/has trained 2 epochs already/);
    expect(existsSync(join(model(), "next"))).toBe(false);
  });

  test("notes that a schedule is a function of the number of epochs", async () => {
    await trainAll(await ringsRequest(folder, ["train.epochs=1", 'train.schedule={"type":"cosine"}']));
    expect((await extendRun(model(), 2)).notes).toEqual([expect.stringContaining("as cosine has it")]);
  });
});
