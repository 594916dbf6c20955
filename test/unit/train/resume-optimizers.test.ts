import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optimizerDefinitions } from "../../../src/optimization/optimizers/optimizer-definitions";
import { InterruptedError } from "../../../src/shared/errors";
import { describeNative } from "../../helpers/runtime";
import { historyOf, resumeAll, ringsRequest, trainAll, weightsOf, writeRings } from "../../helpers/tiny-training";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-optimizers-"));
  writeRings(join(folder, "rings.csv"), 40);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (model: string) => join(folder, model);
const engines = ["eager", "graph"];
const cases = Object.keys(optimizerDefinitions).flatMap((type) => engines.map((engine) => [type, engine] as const));

describeNative("stopped in the midst of an epoch and resumed, a run ends in the same bytes", () => {
  test.each(cases)("%s, %s", async (type, engine) => {
    const overrides = [
      `train.optimizer={"type":"${type}","learningRate":0.02}`,
      `train.engine=${engine}`,
      "train.epochs=2",
      'train.schedule={"type":"cosine"}',
    ];
    const name = `${type}-${engine}`;
    await trainAll(await ringsRequest(folder, overrides, { model: path(`${name}-whole`) }));
    const stopped = trainAll(await ringsRequest(folder, overrides, { model: path(name) }), {
      onEvent: (event, abort) => event.type === "step" && event.step === 3 && abort(),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    const again = resumeAll(path(name), {
      onEvent: (event, abort) => event.type === "step" && event.step === 7 && abort(),
    });
    await expect(again).rejects.toThrow(/epoch 2, after step 7/);
    await resumeAll(path(name));
    expect(weightsOf(path(name)).equals(weightsOf(path(`${name}-whole`)))).toBe(true);
    expect(historyOf(path(name))).toEqual(historyOf(path(`${name}-whole`)));
  });
});
