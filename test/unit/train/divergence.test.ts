import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DivergedError } from "../../../src/shared/errors";
import { describeEachDevice, describeNative } from "../../helpers/runtime";
import { ringsRequest, trainAll, writeRings } from "../../helpers/tiny-training";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-divergence-"));
  writeRings(join(folder, "rings.csv"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function fail(...overrides: string[]): Promise<DivergedError> {
  const error: unknown = await trainAll(await ringsRequest(folder, overrides)).catch((reason) => reason);
  if (error instanceof DivergedError) return error;
  throw new Error("it did not diverge", { cause: error });
}

describeEachDevice("a run that diverges says what went bad first", () => {
  test("weights that an update has thrown far off, in the layer after them", async () => {
    const error = await fail("train.optimizer.learningRate=1e30");
    expect(error.message).toMatch(/at step 2 in epoch 1, .*; the first that was none: the output of layer dense_2$/);
  });

  test("weights that the last update of an epoch has thrown off: the validation loss shows it", async () => {
    const linear = ["train.loss=meanSquaredError", "model.layers[3].activation=linear"];
    const sgd = 'train.optimizer={"type":"sgd","learningRate":1e38,"momentum":0}';
    const error = await fail(sgd, "train.batchSize=54", "data.preprocess=[]", ...linear);
    expect(error.message).toMatch(/the validation loss is no finite number.*; the first that was none: \S+ .*dense_\d/);
    expect(error.hint).toMatch(/learningRate.*1e\+37.*gradientClipping/);
  });

  test("targets whose squared distance is beyond all numbers: the loss alone, and the hint says so", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `${index / 60},1,${index % 7 === 0 ? 3e38 : index}`);
    writeFileSync(join(folder, "rings.csv"), `x,y,ring\n${rows.join("\n")}\n`);
    const error = await fail(
      'data.columns={"features":["x","y"],"target":["ring"]}',
      "data.split={}",
      "model.layers[3].units=1",
      "model.layers[3].activation=linear",
    );
    expect(error.message).toMatch(/at step 1 in epoch 1.*; the outputs of all layers are finite, and only the loss/);
    expect(error.hint).toMatch(/targets/);
  });
});

describeNative("a run that float16's range is too small for", () => {
  test("is told so", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `${1e6 * (index % 9)},1,${index % 2 === 0 ? "a" : "b"}`);
    writeFileSync(join(folder, "rings.csv"), `x,y,ring\n${rows.join("\n")}\n`);
    const error = await fail("train.precision=float16", "data.preprocess=[]", "model.layers[0].activation=linear");
    expect(error.message).toMatch(/the loss is no finite number at step 1/);
    expect(error.hint).toMatch(/float16 ends at 65504.*train.precision=bfloat16/);
  });
});
