// How fast and how exact dlctl's own dense products are (src/runtime/native/ops/dense.cc, dense_gradient.cc), for each level of
// instructions that this processor has, beside TensorFlow's MatMul: GFLOP/s at the best of many times, and the largest error beside
// double precision as a share of the sum of the terms' sizes. Each level in a process of its own, as one is chosen when it starts.
//   npm run time:products
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const dlctlModule = (name) => createRequire(import.meta.url)(`../dist/${name}.js`);
/** Rows, depth and columns: of layers in batches of 8 to 128 examples, of the decoder's and the encoder's
 * blocks of scripts/bench/models.mjs, and larger. */
const sizes = [
  [8, 384, 384],
  [32, 384, 384],
  [32, 1600, 64],
  [128, 1024, 1024],
  [2048, 128, 128],
  [2048, 128, 512],
  [2048, 512, 128],
  [4096, 64, 256],
  [4096, 1024, 1024],
];

if (process.argv.includes("--measure")) {
  await measure();
} else {
  console.log(
    "| level | rows, depth, columns | parts | product | by input | by weights | MatMul | by input | by weights | error | MatMul's |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const { name } of dlctlModule("runtime/instruction-levels").usableLevels()) {
    const env = { ...process.env, DLCTL_NATIVE_OPS: name };
    const rows = execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--measure"], {
      env,
      encoding: "utf8",
    });
    for (const row of rows.trim().split("\n")) console.log(`| ${name} | ${row}`);
  }
}

async function measure() {
  await dlctlModule("runtime/start-runtime").startRuntime("cpu");
  const { tf } = dlctlModule("runtime/tf");
  const native = dlctlModule("runtime/native-ops").nativeBackend();
  for (const [rows, depth, columns] of sizes) {
    const [x, weights, dy] = [
      tf.randomNormal([rows, depth], 0, 1, "float32", 1),
      tf.randomNormal([depth, columns], 0, 1, "float32", 2),
      tf.randomNormal([rows, columns], 0, 1, "float32", 3),
    ];
    const none = tf.zeros([0]);
    const gflops = (compute) => {
      let best = Number.POSITIVE_INFINITY;
      for (const until = performance.now() + 300; performance.now() < until; ) {
        const from = performance.now();
        tf.dispose(compute());
        best = Math.min(best, performance.now() - from);
      }
      return ((2 * rows * depth * columns) / best / 1e6).toFixed(0);
    };
    for (const parts of native.hasTiles ? [3, 2, 1] : [3]) {
      const attributes = { parts: { int: parts } };
      const product = () =>
        native.executeOp("DlctlDense", { transposed: { bool: false }, ...attributes }, [x, weights, none], 1);
      const backward = () =>
        native.executeOp("DlctlDense", { transposed: { bool: true }, ...attributes }, [dy, weights, none], 1);
      const gradient = () => native.executeOp("DlctlDenseGradient", attributes, [x, dy], 2);
      const matMul = () => [tf.matMul(x, weights)];
      const matMulBackward = () => [tf.matMul(dy, weights, false, true)];
      const matMulGradient = () => [tf.matMul(x, dy, true, false), tf.sum(dy, 0)];
      const errors = [product, matMul].map((compute) => errorOf(tf.tidy(compute)[0], x, weights).toExponential(1));
      console.log(
        `${[
          `${rows}, ${depth}, ${columns}`,
          parts,
          ...[product, backward, gradient, matMul, matMulBackward, matMulGradient].map(gflops),
          ...errors,
        ].join(" | ")} |`,
      );
    }
    tf.dispose([x, weights, dy, none]);
  }
}

/** Of some rows. */
function errorOf(result, x, weights) {
  const [values, left, right] = [result, x, weights].map((tensor) => tensor.dataSync());
  result.dispose();
  const [rows, depth] = x.shape;
  const columns = weights.shape[1];
  let largest = 0;
  for (let row = 0; row < rows; row += Math.ceil(rows / 20)) {
    for (let column = 0; column < columns; column++) {
      let [sum, size] = [0, 0];
      for (let k = 0; k < depth; k++) {
        const term = left[row * depth + k] * right[k * columns + column];
        sum += term;
        size += Math.abs(term);
      }
      largest = Math.max(largest, Math.abs(values[row * columns + column] - sum) / size);
    }
  }
  return largest;
}
