// How fast dlctl's own convolutions and their gradients are (src/runtime/native/ops/convolution.cc), for each level of instructions that
// this processor has, beside TensorFlow's: GFLOP/s at the best of many times in turns. Each level in a process of its own, as one is
// chosen when it starts.
//   npm run time:convolutions
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const dlctlModule = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);
/** Of 32 images: side, channels, filters, taps, strides. Those of the residual CNN of scripts/bench/models.mjs, and one larger. */
const cases = [
  [32, 32, 32, 3, 1],
  [16, 64, 64, 3, 1],
  [8, 128, 128, 3, 1],
  [32, 32, 64, 3, 2],
  [32, 32, 64, 1, 2],
  [32, 3, 32, 3, 1],
  [56, 64, 64, 3, 1],
];
const batch = 32;
const millisecondsOfCase = 500;

if (process.argv.includes("--measure")) {
  await measure();
} else {
  console.log("| level | images, filter | forward | by input | by filter | TensorFlow's | by input | by filter |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const { name } of dlctlModule("runtime/instruction-levels").usableLevels()) {
    const env = { ...process.env, DLCTL_NATIVE_OPS: name };
    const args = [fileURLToPath(import.meta.url), "--measure"];
    const rows = execFileSync(process.execPath, args, { env, encoding: "utf8" });
    for (const row of rows.trim().split("\n")) console.log(`| ${name} | ${row}`);
  }
}

async function measure() {
  await dlctlModule("runtime/start-runtime").startRuntime("cpu");
  const { tf } = dlctlModule("runtime/tf");
  const native = dlctlModule("runtime/native-ops").nativeBackend();
  for (const [side, inputs, outputs, taps, strides] of cases) {
    const out = side / strides;
    const [x, filter, dy] = [
      tf.randomNormal([batch, side, side, inputs], 0, 1, "float32", 1),
      tf.randomNormal([taps, taps, inputs, outputs], 0, 1, "float32", 2),
      tf.randomNormal([batch, out, out, outputs], 0, 1, "float32", 3),
    ];
    const noBias = tf.zeros([0]);
    const bytes = { SrcT: { dtype: "float32" }, DstT: { dtype: "uint8" }, Truncate: { bool: false } };
    const [noCodes] = native.executeOp("Cast", bytes, [tf.zeros([0, 0, 0, 0])], 1);
    const options = {
      stride_y: { int: strides },
      stride_x: { int: strides },
      same: { bool: true },
      relu: { bool: false },
      pooled: { bool: false },
    };
    const own = (op, more, given, count) => native.executeOp(`Dlctl${op}`, { ...options, ...more }, given, count);
    const theirOptions = {
      T: { dtype: "float32" },
      strides: { int: [1, strides, strides, 1] },
      padding: { string: "SAME" },
      data_format: { string: "NHWC" },
      use_cudnn_on_gpu: { bool: true },
      explicit_paddings: { int: [] },
      dilations: { int: [1, 1, 1, 1] },
    };
    const theirs = (op, given) => native.executeOp(op, theirOptions, given, 1);
    const sizes = { x: tf.tensor1d(x.shape, "int32"), filter: tf.tensor1d(filter.shape, "int32") };
    const fields = { rows: { int: taps }, columns: { int: taps } };
    const ways = [
      () => own("Convolution", { codes: { bool: false } }, [x, filter, noBias], 2),
      () =>
        own(
          "ConvolutionInputGradient",
          { height: { int: side }, width: { int: side } },
          [filter, dy, dy, noCodes, noBias],
          1,
        ),
      () => own("ConvolutionFilterGradient", fields, [x, dy, dy, noCodes], 2),
      () => theirs("Conv2D", [x, filter]),
      () => theirs("Conv2DBackpropInput", [sizes.x, filter, dy]),
      () => theirs("Conv2DBackpropFilter", [x, sizes.filter, dy]),
    ];
    const best = ways.map(() => Number.POSITIVE_INFINITY);
    for (const until = performance.now() + millisecondsOfCase; performance.now() < until; ) {
      ways.forEach((compute, at) => {
        const from = performance.now();
        tf.dispose(compute());
        best[at] = Math.min(best[at], performance.now() - from);
      });
    }
    const operations = 2 * batch * out * out * outputs * taps * taps * inputs;
    const rates = best.map((milliseconds) => (operations / milliseconds / 1e6).toFixed(0));
    const name = `${side} x ${side} x ${inputs}, ${taps} x ${taps} to ${outputs}${strides > 1 ? `, strides ${strides}` : ""}`;
    console.log([name, ...rates].join(" | "), "|");
    tf.dispose([x, filter, dy, noBias, noCodes, sizes.x, sizes.filter]);
  }
}
