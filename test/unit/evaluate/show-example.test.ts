import type { ExampleInputs, ExampleSet } from "../../../src/data/example-set";
import { showExample } from "../../../src/evaluate/show-example";

const shown = (inputs: ExampleInputs, example: number) =>
  showExample({ inputs, origin: (index: number) => `example ${index}` } as ExampleSet, example);

test("an image by its path; pixels without a file by their number", () => {
  const inputs = (
    image: () => { readonly path: string } | { pixels: Uint8Array; width: 1; height: 1; channels: 1 },
  ) => ({
    kind: "image" as const,
    count: 2,
    image,
  });
  expect(
    shown(
      inputs(() => ({ path: "/a.png" })),
      1,
    ),
  ).toEqual({
    origin: "example 1",
    example: 1,
    input: { kind: "image", path: "/a.png" },
  });
  const pixels = inputs(() => ({ pixels: Uint8Array.of(1), width: 1, height: 1, channels: 1 }));
  expect(shown(pixels, 0).input).toEqual({ kind: "image", path: null });
});

test("the beginning of a long text, cut between characters", () => {
  const inputs = { kind: "text" as const, count: 1, text: () => "😀".repeat(600) };
  expect(shown(inputs, 0).input).toEqual({ kind: "text", text: "😀".repeat(500), isCut: true });
});

test("numbers by name; a missing one is null", () => {
  const inputs = {
    kind: "vector" as const,
    count: 2,
    names: ["x", "y"],
    values: Float32Array.of(1, 2, 0.1, Number.NaN),
  };
  expect(shown(inputs, 1).input).toEqual({ kind: "vector", values: { x: 0.1, y: null } });
});

test("a series by channel; of a long one every so-manieth step", () => {
  const steps = 450;
  const values = Float32Array.from({ length: 2 * (1 + steps) }, (_, index) => index);
  const inputs = {
    kind: "series" as const,
    count: 2,
    names: ["a", "b"],
    lengths: Int32Array.of(1, steps),
    offsets: Int32Array.of(0, 1),
    values,
  };
  const { input } = shown(inputs, 1);
  if (input?.kind !== "series") throw new Error("not a series");
  expect(input).toMatchObject({ names: ["a", "b"], every: 3, steps, channels: 2 });
  expect(input.values[0]?.slice(0, 3)).toEqual([2, 8, 14]);
  expect(input.values[1]).toHaveLength(150);
  expect(shown(inputs, 0).input).toMatchObject({ values: [[0], [1]], every: 1, steps: 1 });
});
