import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runFiles } from "../../../src/checkpoint/run-folder";
import { InterruptedError } from "../../../src/shared/errors";
import { describeNative } from "../../helpers/runtime";
import { lastEvent, resumeAll, ringsRequest, trainAll, weightsOf, writeRings } from "../../helpers/tiny-training";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-precision-"));
  writeRings(join(folder, "rings.csv"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeNative("a run in float16", () => {
  const float16 = ["train.precision=float16"];

  test("is resumed as if it had not stopped, with the scale of its loss", async () => {
    const whole = await trainAll(await ringsRequest(folder, float16, { model: join(folder, "whole") }));
    const model = join(folder, "model");
    const stopped = trainAll(await ringsRequest(folder, float16, { model }), {
      onEvent: (event, abort) => event.type === "step" && event.step === 9 && abort(),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    const resumed = await resumeAll(model);
    expect(weightsOf(model)).toEqual(weightsOf(join(folder, "whole")));
    expect(lastEvent(resumed, "epoch").lossScale).toEqual(lastEvent(whole, "epoch").lossScale);
    expect(lastEvent(whole, "start").precision).toBe("float16");
    expect(lastEvent(whole, "epoch").lossScale).toMatchObject({ scale: expect.any(Number) });
  });

  test("warns on being resumed in what is another precision by now", async () => {
    const model = join(folder, "model");
    const request = await ringsRequest(folder, float16, { model });
    const stopped = trainAll(request, { onEvent: (event) => event.type === "start" && kill() });
    await expect(stopped).rejects.toThrow("killed");
    const path = join(model, "run", runFiles.plan);
    writeFileSync(path, readFileSync(path, "utf8").replace(/("versions":[^}]*"precision": ?)"float16"/, '$1"tf32"'));
    const events = await resumeAll(model);
    expect(events.filter(({ type }) => type === "warning")).toEqual([
      { type: "warning", message: expect.stringContaining("the precision of products (tf32, now float16)") },
    ]);
  });
});

function kill(): never {
  throw new Error("killed");
}
