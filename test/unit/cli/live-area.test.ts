import { LiveArea } from "../../../src/cli/live-area";

/** What a terminal of `columns` shows after `written`: understands as much as LiveArea uses, and wraps long lines. */
function screen(written: string, columns = 80): string[] {
  const rows: string[] = [""];
  let [row, column] = [0, 0];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are controlled by them
  for (const [piece, , count, command] of written.matchAll(/(\u001b\[(\d*)([AKJ]))|\r|\n|[^\r\n\u001b]/g)) {
    if (piece === "\r") column = 0;
    else if (piece === "\n") rows[++row] ??= "";
    else if (command === "A") row = Math.max(0, row - Number(count || 1));
    else if (command === "K") rows[row] = (rows[row] ?? "").slice(0, column);
    else if (command === "J") rows.splice(row, rows.length, (rows[row] ?? "").slice(0, column));
    else {
      if (column === columns) [row, column] = [row + 1, 0];
      const line = (rows[row] ?? "").padEnd(column);
      rows[row] = line.slice(0, column) + piece + line.slice(column + 1);
      column += 1;
    }
  }
  return rows;
}

test("lines are drawn over, whether they get more, fewer, longer or shorter", () => {
  const area = new LiveArea(() => 80);
  let written = area.draw("one\ntwo\nthree");
  expect(screen(written)).toEqual(["one", "two", "three"]);
  written += area.draw("1\n22222222");
  expect(screen(written)).toEqual(["1", "22222222"]);
  written += area.draw("a\nb\nc\nd");
  expect(screen(written)).toEqual(["a", "b", "c", "d"]);
  written += area.draw("");
  expect(screen(written)).toEqual([""]);
});

test("a line that stays is put above, and later drawings stay below it", () => {
  const area = new LiveArea(() => 80);
  const written = area.draw("bar\npanel") + area.above("note\n") + area.draw("bar 2\npanel 2") + area.draw("");
  expect(screen(written)).toEqual(["note", ""]);
  expect(screen(area.above("plain\n"))).toEqual(["plain", ""]);
});

test("lines that the terminal has wrapped, since it is narrower now, are drawn over too", () => {
  let columns = 20;
  const area = new LiveArea(() => columns);
  area.draw("a".repeat(15));
  columns = 10;
  // As the terminal shows it now.
  const before = `${"a".repeat(10)}\r\n${"a".repeat(5)}`;
  expect(screen(before + area.draw("b"), columns)).toEqual(["b"]);
});

test("nothing is erased before it is drawn over: no flicker", () => {
  const area = new LiveArea(() => 80);
  area.draw("one\ntwo");
  expect(area.draw("one\n2")).toBe("\r\u001b[1Aone\u001b[K\r\n2\u001b[K\u001b[J");
});
