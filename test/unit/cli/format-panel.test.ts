import { colorsFor } from "../../../src/cli/colors";
import { formatPanel } from "../../../src/cli/format-panel";
import type { ProgressSurface } from "../../../src/cli/progress";
import { rangeOf, sparkline } from "../../../src/cli/sparkline";

const surface = (columns: number, isUnicode = true): ProgressSurface => ({
  isLive: true,
  columns,
  isUnicode,
  colors: colorsFor({}, {}),
  draw: () => undefined,
  log: () => undefined,
});

const panel = {
  curves: [
    { name: "loss", values: Array.from({ length: 100 }, (_, index) => 2 - index / 100), text: "1.0100" },
    { name: "val_loss", values: [2, 1.5, 1], text: "1.0000" },
  ],
  secondsLeft: 83,
  facts: ["cpu, graph", "memory 412 MiB"],
};

test("80 columns: both curves side by side, and the facts", () => {
  const lines = formatPanel(panel, surface(80));
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe("run ETA 1:23 · cpu, graph · memory 412 MiB");
  expect(lines[0]).toMatch(/^loss █+▇+▆+▅+▄+▃+▂+▁+ 1\.0100 {2}val_loss █▅▁ +1\.0000$/);
});

test("no line is as wide as the terminal, however narrow", () => {
  for (let columns = 1; columns < 140; columns++) {
    for (const isUnicode of [true, false]) {
      const lines = formatPanel(panel, surface(columns, isUnicode));
      for (const line of lines) expect(line.length).toBeLessThan(columns);
    }
  }
  expect(formatPanel(panel, surface(40))).toHaveLength(3);
});

test("ASCII where the locale has no more", () => {
  const text = formatPanel(panel, surface(80, false)).join("");
  expect([...text].every((character) => character >= " " && character <= "~")).toBe(true);
});

test("nothing to show yet", () => {
  const empty = { curves: [{ name: "loss", values: [], text: "-" }], secondsLeft: undefined, facts: [] };
  expect(formatPanel(empty, surface(80))).toEqual([]);
});

describe("a sparkline", () => {
  const draw = (values: number[], width = 20) =>
    sparkline(values, width, rangeOf([values]) ?? { min: 0, max: 0 }, { isUnicode: true });

  test("has a level for each eighth of the range", () => {
    expect(draw([0, 1, 2, 3, 4, 5, 6, 7, 8])).toBe("▁▂▃▄▅▆▇██");
  });

  test("is logarithmic where values spread over more than a power of ten", () => {
    // log 1, 10, 100: halves of the range.
    expect(draw([1, 10, 100])).toBe("▁▅█");
    expect(draw([-1, 10, 100])).toBe("▁▁█");
  });

  test("means share a character where there is no room; what is not finite is left out", () => {
    expect(draw([0, 0, 8, 8, 4, 4], 3)).toBe("▁█▅");
    expect(draw([Number.NaN, 1, 2])).toBe(" ▁█");
    expect(draw([3, 3])).toBe("▁▁");
  });
});
