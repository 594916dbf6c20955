import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectFailure } from "../helpers/expect-failure";
import { projectFolder, runDlctl } from "../helpers/run-dlctl";
import { hasNativeRuntime } from "../helpers/runtime";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-sequences-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dlctl = (args: string[], input = "") => runDlctl(args, { cwd: folder, input });
const quick = (name: string) => join(projectFolder, "configs", "quick", `${name}.json`);
const table = (name: string) => join(projectFolder, "data", "tables", name);

/** Trains a quick config, or a config of the test's own, and throws when that fails. */
function train(config: string | object, out: string, ...overrides: string[]): void {
  let path = config;
  if (typeof path !== "string") {
    path = `${out}.json`;
    writeFileSync(join(folder, path), JSON.stringify(config));
  }
  const { code, stderr } = dlctl(["train", path, "--out", out, "--quiet", ...overrides]);
  if (code !== 0) throw new Error(`training ended with ${code}: ${stderr}`);
}

const evaluate = (...args: string[]) => JSON.parse(dlctl(["evaluate", ...args, "--json"]).stdout);
const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const predict = (...args: string[]) => lines(dlctl(["predict", ...args, "--json"]).stdout);

// On the js device they would take minutes.
const describeQuick = hasNativeRuntime ? describe : describe.skip;

describeQuick("texts in classes: configs/quick/speeches.json (libtensorflow)", () => {
  beforeAll(() => train(quick("speeches"), "speeches"), 120_000);

  test("it learns more than a third, which guessing gets", () => {
    const { split, examples, metrics } = evaluate("speeches");
    expect({ split, examples }).toEqual({ split: "test", examples: 240 });
    expect(metrics.accuracy).toBeGreaterThan(0.5);
  });

  test("texts, a table without the label's column and lines of standard input are predicted alike", () => {
    const texts = ["O Romeo, Romeo!", "What must I do, Petruchio?"];
    writeFileSync(join(folder, "new.jsonl"), texts.map((speech) => JSON.stringify({ id: 1, speech })).join("\n"));
    const given = predict("speeches", "--text", texts[0] as string, "--text", texts[1] as string);
    expect(given.map(({ input }) => input)).toEqual(texts);
    expect(Object.keys(given[0])).toEqual(["input", "label", "probability", "predictions"]);
    const rows = predict("speeches", "new.jsonl");
    expect(rows.map(({ input, row }) => [input, row])).toEqual([
      ["new.jsonl", 1],
      ["new.jsonl", 2],
    ]);
    const listed = lines(dlctl(["predict", "speeches", "-", "--json"], `${texts.join("\n")}\n`).stdout);
    const piped = lines(
      dlctl(["predict", "speeches", "-", "--json"], readFileSync(join(folder, "new.jsonl"), "utf8")).stdout,
    );
    for (const found of [rows, listed, piped]) {
      expect(found.map(({ label, probability }) => [label, probability])).toEqual(
        given.map(({ label, probability }) => [label, probability]),
      );
    }
  });

  test("an empty text, one of unknown words, emoji and NUL, and a very long one are predicted", () => {
    writeFileSync(join(folder, "odd.txt"), "zzqx \u{1f600}\0 \u{1f1e9}\u{1f1ea}");
    const found = predict("speeches", "--text", "", "--text", "love ".repeat(2000), "odd.txt");
    expect(found.map(({ probability }) => probability > 0.3 && probability <= 1)).toEqual([true, true, true]);
  });

  test("a text that is not UTF-8 is an error of its own, and the exit code is 4", () => {
    writeFileSync(join(folder, "latin1.txt"), Buffer.from([0x61, 0xe4, 0x62]));
    const { code, stdout } = dlctl(["predict", "speeches", "latin1.txt", "--text", "a", "--json"]);
    expect(code).toBe(4);
    const [first, second] = lines(stdout);
    expect(first.label).toBeDefined();
    expect(second).toEqual({ input: "latin1.txt", error: expect.stringContaining("byte 1") });
  });
});

describeQuick("series in classes: configs/quick/strokes.json (libtensorflow)", () => {
  beforeAll(() => train(quick("strokes"), "strokes"), 120_000);

  test("it tells the strokes apart", () => {
    expect(evaluate("strokes").metrics.accuracy).toBeGreaterThan(0.8);
  });

  test("each sequence of a table is predicted once, by its name, whatever the order of its columns", () => {
    const points = Array.from({ length: 12 }, (_, step) => {
      const angle = (2 * Math.PI * step) / 11;
      return `${Math.sin(angle)},round one,${step},${Math.cos(angle)}`;
    });
    writeFileSync(join(folder, "new.csv"), ["y,stroke,point,x", ...points, "1,broken,0,", "0,broken,1,2"].join("\n"));
    const { code, stdout } = dlctl(["predict", "strokes", "new.csv", "--json"]);
    expect(code).toBe(4);
    const [circle, broken] = lines(stdout);
    expect(circle).toMatchObject({ input: "new.csv", row: 1, sequence: "round one" });
    expect(circle.predictions).toHaveLength(3);
    expect(broken).toMatchObject({ sequence: "broken", error: expect.stringMatching(/row 13.*"x".*missing/) });
  });

  test("a sequence that is longer than the model takes is an error that says both", () => {
    const points = Array.from({ length: 50 }, (_, step) => `long,${step},0,0`);
    writeFileSync(join(folder, "long.csv"), ["stroke,point,x,y", ...points].join("\n"));
    expectFailure(dlctl(["predict", "strokes", "long.csv"]), { code: 4, says: ["50", "40"] });
  });
});

describeQuick("forecasts: configs/quick/tides.json (libtensorflow)", () => {
  beforeAll(() => train(quick("tides"), "tides"), 120_000);

  test("evaluate reports errors in metres, by step, beside forecasts without a model", () => {
    const { metrics, horizon, targets } = evaluate("tides");
    expect(horizon).toBe(6);
    const [{ name, mae, steps, naive }] = targets;
    expect(name).toBe("height");
    expect(steps).toHaveLength(6);
    expect(metrics.maeInOriginalUnits).toBe(mae);
    // Scaled by the standard deviation of the training split.
    expect(mae / metrics.meanAbsoluteError).toBeGreaterThan(1.1);
    expect(mae / metrics.meanAbsoluteError).toBeLessThan(1.4);
    expect(mae).toBeLessThan(naive.lastValue.mae / 4);
    expect(dlctl(["evaluate", "tides"]).stdout).toContain("no model: the last value");
  });

  test("what follows a table is predicted in metres: near what came", () => {
    const [head, ...rows] = readFileSync(table("tides.csv"), "utf8").trim().split("\n");
    const seen = rows.slice(-206, -6);
    writeFileSync(join(folder, "sea.csv"), [head, ...seen].join("\n"));
    const [forecast] = predict("tides", "sea.csv");
    const came = rows.slice(-6).map((row) => Number(row.split(",")[2]));
    expect(forecast.values).toHaveLength(6);
    for (const [step, value] of forecast.values.entries()) {
      expect(Math.abs(value - (came[step] as number))).toBeLessThan(0.6);
    }
    expect(dlctl(["predict", "tides", "sea.csv"]).stdout).toMatch(/height\+1 -?[\d.]+ {2}height\+2 /);
  });

  test("a table that is shorter than the window, or lacks a column, is told", () => {
    writeFileSync(join(folder, "short.csv"), "wind,height\n0,1\n0,2\n");
    expectFailure(dlctl(["predict", "tides", "short.csv"]), { code: 4, says: ["2 rows", "48"] });
    writeFileSync(join(folder, "other.csv"), "wind\n0\n");
    expectFailure(dlctl(["predict", "tides", "other.csv"]), { code: 4, says: ['no column "height"'] });
  });
});

describeQuick("a language model: configs/quick/romeo-and-juliet.json (libtensorflow)", () => {
  beforeAll(() => train(quick("romeo-and-juliet"), "play", "train.epochs=1"), 120_000);

  test("evaluate gives nats, perplexity and bits of every character of the split but the first", () => {
    const { metrics, tokens } = evaluate("play");
    const { natsPerToken, perplexity, bitsPerCharacter } = metrics;
    expect(perplexity).toBeCloseTo(Math.exp(natsPerToken), 6);
    expect(bitsPerCharacter).toBeCloseTo(natsPerToken / Math.LN2, 6);
    expect(natsPerToken).toBeLessThan(3.2);
    const characters = readFileSync(join(projectFolder, "data", "texts", "romeo-and-juliet.txt"), "utf8").length;
    expect(Math.abs(tokens - (0.1 * characters - 1))).toBeLessThan(2);
  });

  test("it is measured on another text, too", () => {
    writeFileSync(join(folder, "other.txt"), "To be, or not to be, that is the question. ".repeat(10));
    const { split, tokens } = evaluate("play", "other.txt");
    expect({ split, tokens }).toEqual({ split: "all", tokens: 429 });
  });

  test("the same seed says the same; the prompt comes first, for people and on a pipe", () => {
    const options = ["--max-tokens", "100", "--seed", "5"];
    const { code, stdout } = dlctl(["predict", "play", "--prompt", "ROMEO:", ...options]);
    expect(code).toBe(0);
    const [generated] = predict("play", "--prompt", "ROMEO:", ...options);
    expect(Object.keys(generated)).toEqual(["prompt", "text", "tokens"]);
    expect(generated).toMatchObject({ prompt: "ROMEO:", tokens: 100 });
    expect([...generated.text]).toHaveLength(100);
    expect(stdout).toBe(`ROMEO:${generated.text}\n`);
    expect(predict("play", "--prompt", "ROMEO:", "--max-tokens", "100", "--seed", "6")[0].text).not.toBe(
      generated.text,
    );
  });

  test("a temperature of 0 and a single candidate are the same", () => {
    const [cold, single] = [
      ["--temperature", "0"],
      ["--top-k", "1"],
    ].map((option) => predict("play", "--prompt", "the ", "--max-tokens", "30", ...option)[0].text);
    expect(cold).toBe(single);
  });

  test("prompts as files and JSON lines; one that can't be gone on with is an error of its own", () => {
    writeFileSync(join(folder, "prompt.txt"), "JULIET:\n");
    const { code, stdout } = dlctl(
      ["predict", "play", "prompt.txt", "-", "--max-tokens", "5", "--json"],
      '{"prompt":"ROMEO:"}\n{"prompt":""}\n',
    );
    expect(code).toBe(4);
    const [file, line, empty] = lines(stdout);
    expect(file).toMatchObject({ input: "prompt.txt", prompt: "JULIET:", tokens: 5 });
    expect(line).toMatchObject({ prompt: "ROMEO:", tokens: 5 });
    expect(empty.error).toContain("The prompt is empty");
  });

  test("--output takes what is generated", () => {
    dlctl(["predict", "play", "--prompt", "a", "--prompt", "b", "--max-tokens", "3", "--output", "out.csv"]);
    const [head, ...rest] = readFileSync(join(folder, "out.csv"), "utf8").split("\n");
    expect(head).toBe("prompt,text,error");
    expect(rest.join("\n")).toMatch(/^a,/);
  });

  test("options that are not for the model are refused", () => {
    expectFailure(dlctl(["predict", "play"]), { code: 2, says: ["nothing to predict", "--prompt"] });
    expectFailure(dlctl(["predict", "play", "--text", "a"]), {
      code: 2,
      says: ["--text is for models of texts", "--prompt"],
    });
    expectFailure(dlctl(["predict", "play", "--prompt", "a", "--top-p", "0"]), { code: 2, says: ["--top-p"] });
    expectFailure(dlctl(["predict", "play", "--prompt", "a", "--temperature", "-1"]), {
      code: 2,
      says: ["--temperature"],
    });
  });
});

describe("tags of words", () => {
  const sentences = Array.from({ length: 120 }, (_, index) => {
    const noun = ["dog", "cat", "bird"][index % 3];
    const verb = ["sees", "likes"][index % 2];
    return index % 5 === 0 ? [`${noun} ${verb}`, "N V"] : [`the ${noun} ${verb} a ${noun}`, "D N V D N"];
  });

  beforeAll(() => {
    writeFileSync(join(folder, "tags.csv"), ["words,tags", ...sentences.map((row) => row.join(","))].join("\n"));
    train(
      {
        name: "tags",
        seed: 2,
        data: {
          source: "csv",
          path: "tags.csv",
          columns: { tokens: "words", tags: "tags" },
          split: { validation: 0.1, test: 0.1 },
          preprocess: [{ op: "tokenize" }, { op: "truncate", length: 6 }, { op: "pad", length: 6 }],
        },
        model: {
          layers: [
            { type: "embedding", outputDim: 8, maskZero: true },
            { type: "dense", units: "classes", activation: "softmax" },
          ],
        },
        train: {
          epochs: 15,
          batchSize: 8,
          optimizer: { type: "adam", learningRate: 0.05 },
          classWeights: "balanced",
          metrics: ["accuracy", "f1"],
        },
      },
      "tags",
    );
  }, 120_000);

  test("evaluate counts words, not padding", () => {
    const { examples, confusion, perClass, metrics } = evaluate("tags");
    const words = confusion.flat().reduce((sum: number, count: number) => sum + count, 0);
    expect(words).toBe(perClass.reduce((sum: number, { support }: { support: number }) => sum + support, 0));
    expect(words).toBeLessThanOrEqual(5 * examples);
    expect(metrics.accuracy).toBe(1);
    expect(metrics.f1).toBe(1);
  });

  test("each word gets a label; one that was cut off gets none", () => {
    const [found] = predict("tags", "--text", "The cat likes  a dog dog dog");
    expect(found.tokens.map(({ token, label }: { token: string; label: string }) => [token, label])).toEqual([
      ["The", "D"],
      ["cat", "N"],
      ["likes", "V"],
      ["a", "D"],
      ["dog", "N"],
      ["dog", "N"],
      ["dog", null],
    ]);
    expect(dlctl(["predict", "tags", "--text", "a cat"]).stdout).toBe("a cat  a/D cat/N\n");
  });

  test("a table with the column of words alone is enough, and lists labels in CSV", () => {
    writeFileSync(join(folder, "new-words.csv"), "words\ndog sees\n");
    dlctl(["predict", "tags", "new-words.csv", "--output", "labels.csv"]);
    expect(readFileSync(join(folder, "labels.csv"), "utf8")).toBe("input,row,labels,error\nnew-words.csv,1,N V,\n");
  });

  test("options of language models are refused", () => {
    expectFailure(dlctl(["predict", "tags", "--prompt", "a"]), { code: 2, says: ["--prompt", "language models"] });
  });
});
