import { formatTable } from "../../../src/commands/format-table";

describe("formatTable", () => {
  test("columns lined up, numbers to the right with thousands apart, no trailing blanks", () => {
    expect(
      formatTable(
        ["name", "count", "note"],
        [
          ["a", 1234567, "long note"],
          ["longer", 5, ""],
        ],
      ),
    ).toEqual([
      "name        count  note",
      "------  ---------  ---------",
      "a       1,234,567  long note",
      "longer          5",
    ]);
  });

  test("no rows", () => {
    expect(formatTable(["a", "bb"], [])).toEqual(["a  bb", "-  --"]);
  });
});
