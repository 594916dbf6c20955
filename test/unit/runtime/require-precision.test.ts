import { requirePrecision } from "../../../src/runtime/require-precision";
import type { Runtime } from "../../../src/runtime/start-runtime";

const on = (device: Runtime["device"], computeCapability?: string): Runtime => ({
  device,
  reason: "",
  version: "2.21.0",
  ...(computeCapability !== undefined && {
    gpu: { name: "A card", uuid: "", computeCapability, hasTf32: Number(computeCapability) >= 8 },
  }),
});

test.each([
  ["float32", on("js")],
  ["tf32", on("js")],
  ["bfloat16", on("cpu")],
  ["float16", on("gpu", "7.5")],
  ["bfloat16", on("gpu", "8.0")],
  ["tf32", on("gpu", "12.0")],
  [undefined, on("gpu", "6.1")],
] as const)("%s can be had on %j", (precision, runtime) => {
  expect(requirePrecision(precision, runtime)).toBeUndefined();
});

test.each([
  ["float16", on("cpu"), "for trying out"],
  ["float16", on("gpu", "6.1"), "no tensor cores"],
  ["tf32", on("gpu", "7.5"), "has no TF32"],
] as const)("of %s on %j something is said", (precision, runtime, sentence) => {
  expect(requirePrecision(precision, runtime)).toContain(sentence);
});

test.each([
  ["float16", on("js"), "js device can't compute in float16"],
  ["bfloat16", on("js"), "js device can't compute in bfloat16"],
  ["bfloat16", on("gpu", "7.5"), "A card (compute capability 7.5) can't compute in bfloat16"],
] as const)("%s is refused on %j", (precision, runtime, message) => {
  expect(() => requirePrecision(precision, runtime)).toThrow(message);
});
