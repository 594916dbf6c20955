// One picture, from the start of a process to its end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { median } from "./figures.mjs";
import { root, runDlctl, runProgram } from "./processes.mjs";

/** Seconds for each tool, the median of `times` runs, with the models that the first round has left in `folder`. */
export async function measureCold(folder, pythons, times) {
  const picture = join(folder, "picture.png");
  const image = { width: 28, height: 28, channels: 3, background: { r: 90, g: 90, b: 90 } };
  writeFileSync(picture, await sharp({ create: image }).png().toBuffer());
  const saved = join(folder, "saved");
  const script = (python, name) =>
    runProgram(python, [join(root, "scripts", "bench", name), saved, picture], { env: { TF_CPP_MIN_LOG_LEVEL: "2" } });
  const tools = {
    dlctl: () => runDlctl(["predict", join(folder, "model"), picture]),
    Keras: () => script(pythons.keras, "cold_keras.py"),
    PyTorch: () => script(pythons.torch, "cold_torch.py"),
    onnxruntime: () => script(pythons.torch, "cold_onnx.py"),
  };
  const seconds = Object.fromEntries(Object.keys(tools).map((tool) => [tool, []]));
  for (let round = 0; round <= times; round++) {
    for (const [tool, run] of Object.entries(tools)) {
      const { seconds: taken } = await run();
      // The first reads files that no one has read lately.
      if (round > 0) seconds[tool].push(taken);
    }
  }
  return Object.fromEntries(Object.entries(seconds).map(([tool, values]) => [tool, median(values)]));
}
