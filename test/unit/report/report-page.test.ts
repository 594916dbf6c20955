import { createHash } from "node:crypto";
import { modelDiagram } from "../../../src/inspect/model-diagram";
import { reportPage } from "../../../src/report/report-page";
import { hostileRun } from "../../helpers/reported-runs";

const layers = [
  { name: "<b>input</b>", type: "input", inputs: [], outputShape: [null, 4], parameters: 0, trainable: 0 },
  { name: "dense_1", type: "dense", inputs: ["<b>input</b>"], outputShape: [null, 2], parameters: 10, trainable: 10 },
];
const model = { layers, parameters: 10, trainableParameters: 10, diagram: modelDiagram({ layers }) };

const pages = { one: reportPage([hostileRun({ model })]), two: reportPage([hostileRun({ model }), hostileRun()]) };

describe.each(Object.entries(pages))("the report of %s", (_, page) => {
  test("holds no markup of names, texts and configs, and none of the marks that turn writing around", () => {
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toContain("<b>input");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toContain("\u202e");
    // In attributes, too: no quote is left over that would begin another one.
    expect(page).not.toMatch(/="[^"]*"[^\s/>]/);
  });

  test("needs nothing from elsewhere: its policy allows only the styles that it holds, by their sums, and pictures in it", () => {
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll("&#39;", "'") ?? "";
    expect(policy).toMatch(/^default-src 'none'; style-src ('sha256-\S+' ?)+; img-src data:;/);
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => text as string);
    expect(styles.length).toBeGreaterThan(1);
    for (const text of styles) expect(policy).toContain(createHash("sha256").update(text).digest("base64"));
    expect(page).not.toMatch(/ style="/);
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:\/\//);
  });

  test("can be read without seeing it: headings in order, a text for each picture, the numbers behind each chart", () => {
    const levels = [...page.matchAll(/<h([1-6])>/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    const svgs = [...page.matchAll(/<svg ([^>]*)>(.{0,40})/gs)];
    for (const [, attributes, inside] of svgs) {
      if (attributes?.includes('aria-hidden="true"')) continue;
      expect(attributes).toContain('role="img"');
      expect(inside).toMatch(/^\s*<title>/);
    }
    const figures = page.split("<figure").slice(1);
    expect(figures.length).toBeGreaterThan(5);
    for (const each of figures)
      expect(each.split("</figure>")[0]).toMatch(/<desc>[^<]+<\/desc>[\s\S]*<details>[\s\S]*<table>/);
  });
});

test("says what matters: figures with intervals, the best epoch, what differs", () => {
  expect(pages.one).toContain("<strong>0.7500</strong><span>0.6000 to 0.9000, on 20 test examples</span>");
  expect(pages.one).toContain("Marked: best epoch 2, val_loss 0.4000.");
  expect(pages.one).toContain("8 of 10");
  const other = hostileRun({
    config: { ...hostileRun().config, seed: 2, train: { epochs: 5 } },
    evaluation: undefined,
  });
  const page = reportPage([hostileRun(), other]);
  expect(page).toMatch(/<th scope="row">train\.epochs<\/th><td[^>]*>3<\/td><td[^>]*>5<\/td>/);
  expect(page).toContain("Not measured on the same: A on 20 test examples, B on nothing.");
});

test("a run without epochs, evaluation, data and model is a page, too", () => {
  const bare = hostileRun({
    history: [],
    best: undefined,
    trained: undefined,
    evaluation: undefined,
    data: undefined,
    state: "unfinished",
  });
  const page = reportPage([bare]);
  expect(page).toContain("the run is not finished");
  expect(page).not.toContain("NaN");
  expect(page).not.toContain("undefined");
});
