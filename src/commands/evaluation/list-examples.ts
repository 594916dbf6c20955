import { formatTable } from "../format-table";

/** Of a terminal. */
const columns = 80;

/**
 * Examples as a table where that is narrow enough; else each on two lines, its last cell on the second. A head is put before its
 * cell there, but for the first one's.
 */
export function listExamples(head: readonly [string, ...string[]], rows: readonly (readonly string[])[]): string[] {
  const table = formatTable(head, rows);
  if (table.every((line) => line.length <= columns)) return table;
  const [title, ...names] = head;
  return [
    title,
    ...rows.flatMap(([first, ...cells]) => [
      `  ${[first, ...cells.slice(0, -1).map((cell, index) => `${names[index]} ${cell}`)].join(", ")}`,
      `    ${cells.at(-1)}`,
    ]),
  ];
}
