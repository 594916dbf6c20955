import { z } from "zod";
import { applyOverrides } from "../../../src/config/apply-overrides";
import { checkAgainst } from "../../../src/config/find-problems";

const size = z.int().positive();
const kind = z.union([
  z.enum(["sgd", "adam"]).transform((type) => ({ type })),
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("sgd"), learningRate: z.number().positive().default(0.1) }),
    z.strictObject({ type: z.literal("adam"), beta1: z.number().min(0).lt(1).default(0.9) }),
  ]),
]);
const schema = z.strictObject({
  units: z.union([size, z.literal("classes")]).optional(),
  kernel: z.union([size, z.tuple([size, size])]).optional(),
  activation: z.enum(["relu", "tanh", "sigmoid"]).optional(),
  optimizer: kind.optional(),
  metrics: z.array(kind).min(1).optional(),
  clipping: z
    .union([
      z.strictObject({ norm: z.number().positive() }),
      z.strictObject({ value: z.number().positive() }),
      z.strictObject({ globalNorm: z.number().positive() }),
    ])
    .optional(),
  weights: z.union([z.literal("balanced"), z.record(z.string(), z.number().positive())]).optional(),
  rate: z.number().gt(0).lt(1).optional(),
  text: z.string().min(1).optional(),
  flag: z.boolean().optional(),
  even: z.number().multipleOf(2).optional(),
  inner: z.strictObject({ deep: z.number() }).optional(),
  odd: z
    .number()
    .refine((value) => value !== 3, { error: "must not be 3" })
    .optional(),
});

function problemsOf(value: unknown, ...overrides: string[]): string[] {
  const applied = applyOverrides(value, overrides);
  const checked = checkAgainst(schema, applied.config, { overrides: applied.overrides });
  if ("value" in checked) throw new Error(`${JSON.stringify(value)} was accepted`);
  return checked.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("problems in plain words", () => {
  test.each<[unknown, string[]]>([
    [{ flag: "yes" }, ['flag: expected true or false, received "yes"']],
    [{ text: 3 }, ["text: expected text, received 3"]],
    [{ text: "" }, ['text: expected text that is not empty, received ""']],
    [{ rate: 1 }, ["rate: expected a number below 1, received 1"]],
    [{ rate: 0 }, ["rate: expected a number above 0, received 0"]],
    [{ rate: null }, ["rate: expected a number, received null"]],
    [{ even: 3 }, ["even: expected a multiple of 2, received 3"]],
    [{ odd: 3 }, ["odd: must not be 3"]],
    [{ inner: {} }, ["inner.deep: missing; expected a number"]],
    [{ inner: [] }, ["inner: expected an object, received []"]],
    [{ units: -1 }, ["units: expected a whole number above 0, received -1"]],
    [{ units: 1.5 }, ['units: expected a whole number or "classes", received 1.5']],
    [{ units: "clases" }, ['units: unknown "clases"; did you mean "classes"?']],
    [{ units: "3" }, ['units: expected a whole number or "classes", received "3"']],
    [{ kernel: [3] }, ["kernel: expected a list of 2 items, received [3]"]],
    [{ kernel: [3, 3, 3] }, ["kernel: expected a list of 2 items, received [3,3,3]"]],
    [{ kernel: [3, "3"] }, ['kernel[1]: expected a whole number, received "3"']],
    [{ kernel: {} }, ["kernel: expected a whole number or a list, received {}"]],
    [{ activation: "rellu" }, ['activation: unknown "rellu"; did you mean "relu"?']],
    [{ activation: "cosine" }, ['activation: expected one of "relu", "tanh", "sigmoid", received "cosine"']],
    [{ optimizer: "adm" }, ['optimizer: unknown "adm"; did you mean "adam"?']],
    [{ optimizer: "newton" }, ['optimizer: expected one of "sgd", "adam" or an object, received "newton"']],
    [{ optimizer: { type: "adm" } }, ['optimizer.type: unknown "adm"; did you mean "adam"?']],
    [{ optimizer: { learningRate: 1 } }, ["optimizer.type: missing; expected one of sgd, adam"]],
    [{ optimizer: { type: 3 } }, ["optimizer.type: expected one of sgd, adam, received 3"]],
    [{ optimizer: { type: "adam", beta: 1 } }, ['optimizer.beta: unknown key; did you mean "beta1"?']],
    [{ optimizer: { type: "sgd", learningRate: "x" } }, ['optimizer.learningRate: expected a number, received "x"']],
    [{ optimizer: 3 }, ['optimizer: expected one of "sgd", "adam" or an object, received 3']],
    [{ metrics: [] }, ["metrics: expected a list of at least 1 item, received []"]],
    [{ metrics: "adam" }, ['metrics: expected a list, received "adam"']],
    [{ metrics: ["adam", "sdg"] }, ['metrics[1]: unknown "sdg"; did you mean "sgd"?']],
    [{ clipping: { norm: "x" } }, ['clipping.norm: expected a number, received "x"']],
    [{ clipping: {} }, ["clipping: expected one of the keys norm, value, globalNorm"]],
    [{ clipping: { nrm: 1 } }, ['clipping.nrm: unknown key; did you mean "norm"?']],
    [{ clipping: { zzz: 1 } }, ["clipping.zzz: unknown key; known here: norm, value, globalNorm"]],
    [{ clipping: 1 }, ["clipping: expected an object, received 1"]],
    [{ weights: "balance" }, ['weights: unknown "balance"; did you mean "balanced"?']],
    [{ weights: { a: 0 } }, ["weights.a: expected a number above 0, received 0"]],
    [{ weights: { "a b": "x" } }, ['weights["a b"]: expected a number, received "x"']],
    [
      { flagg: true, zzz: 1 },
      ['flagg: unknown key; did you mean "flag"?', expect.stringContaining("zzz: unknown key; known here: units,")],
    ],
    [{ rate: 2, text: 3 }, ["rate: expected a number below 1, received 2", "text: expected text, received 3"]],
  ])("%j", (value, expected) => {
    expect(problemsOf(value)).toEqual(expected);
  });

  test("two forms at once", () => {
    expect(problemsOf({ clipping: { norm: 1, value: 1 } })).toEqual([
      "clipping.value: can't stand beside the other keys; expected one of norm, value, globalNorm",
    ]);
  });

  test("long values are shortened", () => {
    expect(problemsOf({ flag: "x".repeat(500) })[0]?.length).toBeLessThan(120);
    expect(problemsOf({ flag: new Array(100).fill(1) })).toEqual([
      "flag: expected true or false, received a list of 100 items",
    ]);
  });

  test("a problem that an override made says so", () => {
    expect(problemsOf({ rate: 0.5 }, "rate=2")).toEqual([
      "rate: expected a number below 1, received 2 (override rate=2)",
    ]);
    expect(problemsOf({}, "innr.deep=2")).toEqual(['innr: unknown key; did you mean "inner"? (override innr.deep=2)']);
    expect(problemsOf({}, "metrics=[sgd]")).toEqual([
      'metrics: expected a list, received "[sgd]" (override metrics=[sgd], read as text because it is not valid JSON)',
    ]);
    expect(problemsOf({ flag: 3 }, "rate=0.1")).toEqual(["flag: expected true or false, received 3"]);
  });
});
