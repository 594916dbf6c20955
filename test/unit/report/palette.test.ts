import { contrast, mix, textOn } from "../../../src/report/contrast";
import { dark, light } from "../../../src/report/palette";

test("contrast is WCAG's: known pairs", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
  expect(contrast("#123456", "#123456")).toBe(1);
  // The gray that WCAG's own examples give as the lightest to pass on white.
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("mixes in steps, the ends exact", () => {
  expect([0, 0.5, 1].map((part) => mix("#000000", "#ff8000", part))).toEqual(["#000000", "#804000", "#ff8000"]);
});

describe.each(Object.entries({ light, dark }))("the %s palette", (_, palette) => {
  const { page, surface, ink, soft, series, levels } = palette;

  test("has a contrast of 4.5 for all texts and series, on page and surface", () => {
    for (const colour of [ink, soft, ...series]) {
      for (const ground of [page, surface]) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("has a contrast of 4.5 for words that are marked", () => {
    for (const mark of [...palette.speaksFor, ...palette.speaksAgainst]) {
      expect(contrast(ink, mark)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("has a contrast of 4.5 for the numbers in a heat map, whose levels go one way", () => {
    for (const level of levels) expect(contrast(level, textOn(level))).toBeGreaterThanOrEqual(4.5);
    const away = levels.map((level) => contrast(level, page));
    expect(away).toEqual([...away].sort((a, b) => a - b));
  });
});
