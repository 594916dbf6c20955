/** Columns lined up, two spaces apart; numbers to the right. `head` is followed by a rule. Lines without trailing blanks. */
export function formatTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [head, ...rows.map((row) => row.map(formatCell))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const isNumeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...cells.slice(1).map(line)];
}

/** Numbers with thousands apart: 1,234,567. */
const formatCell = (cell: string | number) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell);
