import { usedPrecision } from "../../../src/engine/used-precision";

const gpu = (hasTf32: boolean) => ({
  device: "gpu" as const,
  gpu: { name: "A card", uuid: "", computeCapability: hasTf32 ? "9.0" : "7.0", hasTf32 },
});

test.each([
  [undefined, gpu(true), "tf32"],
  [undefined, gpu(false), "float32"],
  ["tf32", gpu(false), "float32"],
  ["float32", gpu(true), "float32"],
  ["bfloat16", gpu(true), "bfloat16"],
  [undefined, { device: "cpu" }, "float32"],
  ["float16", { device: "cpu" }, "float16"],
  ["tf32", { device: "js" }, "float32"],
] as const)("asked for %s, %j computes in %s", (request, device, expected) => {
  expect(usedPrecision(request, device, "graph")).toBe(expected);
});

test("steps that run op by op know no TF32 on the CPU", () => {
  expect(usedPrecision("tf32", { device: "cpu" }, "eager")).toBe("float32");
});
