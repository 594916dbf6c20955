// The one TensorFlow.js every part of dlctl shares. `scripts/build.mjs` bundles this file to dist/vendor/tfjs.js,
// leaving out webgl and tfjs-data: it loads faster than the union package, and the published package needs none of
// tfjs-node's install scripts (docs/adr/0002-vendored-tfjs.md).
export * from "@tensorflow/tfjs";
