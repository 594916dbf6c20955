import { checkPreprocess } from "../../../../src/data/preprocess/check-preprocess";
import { plannedInput } from "../../../../src/data/preprocess/planned-input";
import { preprocessSchema } from "../../../../src/data/preprocess/preprocess-config";

const resize = { op: "resize", width: 8, height: 6 };
const crop = (width: number, height: number) => ({ op: "crop", width, height });
const gray = { op: "grayscale" };
const normalize = { op: "normalize", scale: 255 };

describe("checkPreprocess", () => {
  test.each<[string, object[], string[]]>([
    ["nothing", [], []],
    ["a whole pipeline", [resize, crop(4, 4), gray, normalize], []],
    ["resize, crop, resize", [resize, crop(4, 4), resize], []],
    ["one number for gray", [gray, { op: "normalize", mean: [1] }], []],
    ["three numbers for RGB", [{ op: "normalize", mean: [1, 2, 3] }], []],
    [
      "an op after normalize",
      [normalize, resize],
      ["data.preprocess[1]: resize works on pixels and can't come after normalize (data.preprocess[0])"],
    ],
    [
      "every op after normalize",
      [resize, normalize, gray, crop(2, 2)],
      [
        "data.preprocess[2]: grayscale works on pixels and can't come after normalize (data.preprocess[1])",
        "data.preprocess[3]: crop works on pixels and can't come after normalize (data.preprocess[1])",
      ],
    ],
    [
      "a crop larger than the resize",
      [resize, crop(4, 7)],
      ["data.preprocess[1]: can't crop 4x7 out of an image of 8x6"],
    ],
    [
      "numbers' ops",
      [{ op: "standardize" }, { op: "minMax" }],
      [
        "data.preprocess[0]: standardize is for numbers, and the inputs are images",
        "data.preprocess[1]: minMax is for numbers, and the inputs are images",
      ],
    ],
    [
      "two numbers",
      [{ op: "normalize", mean: [1, 2] }],
      ["data.preprocess[0].mean: has 2 numbers for an input of 1 channel or 3 channels"],
    ],
    [
      "three numbers for gray",
      [gray, { op: "normalize", std: [1, 2, 3] }],
      ["data.preprocess[1].std: has 3 numbers for an input of 1 channel"],
    ],
  ])("images, %s", (_, ops, expected) => {
    const problems = checkPreprocess(preprocessSchema.parse(ops), "image");
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual(expected);
  });

  test("images whose size and channels are known", () => {
    const facts = { width: 28, height: 28, channels: 1 } as const;
    expect(checkPreprocess(preprocessSchema.parse([crop(29, 28)]), "image", facts)).toHaveLength(1);
    expect(
      checkPreprocess(preprocessSchema.parse([{ op: "normalize", mean: [1, 2, 3] }]), "image", facts),
    ).toHaveLength(1);
  });

  test("numbers", () => {
    const ops = preprocessSchema.parse([gray, { op: "standardize" }, { op: "normalize", mean: [1, 2] }]);
    expect(checkPreprocess(ops, "vector").map(({ path }) => path)).toEqual(["data.preprocess[0]"]);
    const messages = checkPreprocess(ops, "vector", { features: 4 }).map(({ path, message }) => `${path}: ${message}`);
    expect(messages).toContain("data.preprocess[2].mean: has 2 numbers for an input of 4 features");
  });
});

describe("plannedInput", () => {
  test.each<[object[], "image" | "vector", object, unknown]>([
    [[resize], "image", {}, { shape: [6, 8, 3], dtype: "uint8" }],
    [[resize, crop(4, 5), gray, normalize], "image", {}, { shape: [5, 4, 1], dtype: "uint8" }],
    [[crop(4, 5)], "image", { channels: 1 }, { shape: [5, 4, 1], dtype: "uint8" }],
    [[], "image", { width: 28, height: 27, channels: 1 }, { shape: [27, 28, 1], dtype: "uint8" }],
    [[normalize], "vector", { features: 4 }, { shape: [4], dtype: "float32" }],
  ])("%j for %s with %j", (ops, kind, facts, expected) => {
    expect(plannedInput(preprocessSchema.parse(ops), kind, facts)).toEqual(expected);
  });

  test.each<[object[], "image" | "vector", string]>([
    [[gray], "image", "size is not known without the data"],
    [[], "vector", "number of feature columns is not known"],
    [[resize, crop(9, 9)], "image", "data.preprocess[1]: can't crop 9x9 out of an image of 8x6"],
  ])("%j for %s is not known or wrong", (ops, kind, expected) => {
    expect(plannedInput(preprocessSchema.parse(ops), kind)).toContain(expected);
  });
});

describe("preprocessSchema", () => {
  test.each([
    { op: "normalise" },
    { op: "normalize", scale: 0 },
    { op: "normalize", std: [1, 0] },
    { op: "normalize", mean: [] },
    { op: "normalize", mean: "0.5" },
    { op: "standardize", mean: 1 },
  ])("refuses %j", (op) => {
    expect(preprocessSchema.safeParse([op]).success).toBe(false);
  });

  test("fills in defaults", () => {
    expect(preprocessSchema.parse([{ op: "normalize" }])).toEqual([{ op: "normalize", scale: 1, mean: 0, std: 1 }]);
  });
});
