// Jest runs each test file in a vm context with types of its own, so that a Float32Array made by a native addon or a
// Node core module is no `instanceof Float32Array` in a test. Here the context gets the outer types.
const { TestEnvironment } = require("jest-environment-node");

const shared = [
  ...["ArrayBuffer", "SharedArrayBuffer", "DataView", "Uint8Array", "Uint8ClampedArray", "Int8Array", "Uint16Array"],
  ...["Int16Array", "Uint32Array", "Int32Array", "BigInt64Array", "BigUint64Array", "Float32Array", "Float64Array"],
  ...["Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"],
];

module.exports = class OuterTypesEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of shared) this.global[name] = globalThis[name];
  }
};
