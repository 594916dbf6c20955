// Decodes the images of a folder as a run's first epoch does, one batch ahead, and prints how many a second.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { dlctlModule } from "../compare-keras/dlctl-modules.mjs";

const [folder, size] = process.argv.slice(2);
const files = readdirSync(join(folder, "flower")).map((name) => join(folder, "flower", name));
const batchSize = 32;

const { restorePreprocessing } = dlctlModule("data/preprocess/preprocessing");
const { decodePolicy } = dlctlModule("data/preprocess/preprocessing-record");
const { evaluationBatches } = dlctlModule("data/batches/evaluation-batches");
const resize = {
  op: "resize",
  width: Number(size),
  height: Number(size),
  fit: "cover",
  kernel: "lanczos3",
  background: [0, 0, 0],
};
const { encode } = restorePreprocessing({
  kind: "image",
  decode: decodePolicy([0, 0, 0]),
  input: { width: null, height: null, channels: 3 },
  ops: [resize],
  normalize: [],
});
const set = { kind: "image", count: files.length, image: (index) => ({ path: files[index] }) };
const inputs = encode(set, { origin: (index) => files[index], cache: "none" });
// The thread that decodes has started, and sharp is loaded.
await inputs.read(Int32Array.of(0));
const examples = Int32Array.from(files.keys());
const targets = { kind: "class", labels: ["flower"], indices: new Int32Array(files.length) };
const startedAt = performance.now();
for await (const _ of evaluationBatches({ inputs, targets, examples, batchSize })) {
  // Only decoding is measured.
}
console.log(JSON.stringify({ rate: (1000 * files.length) / (performance.now() - startedAt) }));
await inputs.close();
