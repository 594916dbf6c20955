import fc from "fast-check";
import { JsonProblem, parseJson } from "../../../src/config/parse-json";

function problemOf(text: string): { message: string; offset: number } {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonProblem) return { message: error.message, offset: error.offset };
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("parseJson refuses, and says why and where", () => {
  test.each([
    ["", 0, "the end of the text"],
    ['{"a": 1,}', 7, "may not end with a comma"],
    ["[1, 2, ]", 5, "may not end with a comma"],
    ['{"a" 1}', 5, 'a colon should follow the key "a", not "1"'],
    ['{"a": 1 "b": 2}', 8, 'a comma or "}" should stand here, not "\\""'],
    ["[1 2]", 3, 'a comma or "]"'],
    ["{a: 1}", 1, 'a key in double quotes should stand here, not "a"'],
    ["{'a': 1}", 1, "a key in double quotes"],
    ["{\"a\": 'x'}", 6, "not single ones"],
    ['{"a": True}', 6, "True is no JSON value"],
    ['{"a": NaN}', 6, "NaN is no JSON value"],
    ['{"a": relu}', 6, "relu is no JSON value; a text stands in double quotes"],
    ['{"a": 01}', 6, "no number"],
    ['{"a": 1.}', 6, "no number"],
    ['{"a": .5}', 6, "a value should stand here"],
    ['{"a": "x\n"}', 6, "no closing quote on its line"],
    ['{"a": "x', 6, "no closing quote"],
    ['{"a": "C:\\data"}', 9, "a backslash is written \\\\"],
    ['{"a": 1', 7, "the end of the text"],
    ['{"a": 1} x', 9, "there is more after the end"],
    ['// c\n{"a": 1}', 0, "no comments"],
    ['{"a": 1, /* c */ "b": 2}', 9, "no comments"],
    ['{"a": 1, "a": 2}', 9, 'the key "a" is given twice'],
    ['{"x": {"__proto__": 1}}', 7, "__proto__"],
    ["[".repeat(100_000), 101, "nested more than 100 levels"],
  ])("%j", (text, offset, message) => {
    const problem = problemOf(text);
    expect(problem.message).toContain(message);
    expect(problem.offset).toBe(offset);
  });
});

describe("parseJson agrees with JSON.parse", () => {
  test("on any JSON, however it is laid out", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
        fc.pre(!text.includes("__proto__"));
        const value: unknown = JSON.parse(text);
        expect(parseJson(JSON.stringify(value, null, indent))).toEqual(value);
      }),
    );
  });

  test("on which texts are JSON, when one letter of a good one is replaced or taken out", () => {
    const letter = fc.constantFrom(
      "",
      ",",
      ":",
      '"',
      "{",
      "}",
      "[",
      "]",
      "0",
      "-",
      ".",
      "e",
      "t",
      " ",
      "\\",
      "\u0001",
      "\n",
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), letter, (text, at, replacement) => {
        const place = at % text.length;
        const changed = text.slice(0, place) + replacement + text.slice(place + 1);
        let expected: unknown;
        try {
          expected = JSON.parse(changed);
        } catch {
          expect(() => parseJson(changed)).toThrow(JsonProblem);
          return;
        }
        try {
          expect(parseJson(changed)).toEqual(expected);
        } catch (error) {
          // The only texts that we refuse and JSON.parse does not.
          if (!(error instanceof JsonProblem)) throw error;
          expect(error.message).toMatch(/given twice|__proto__/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
