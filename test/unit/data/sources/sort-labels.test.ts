import { sortLabels } from "../../../../src/data/sources/sort-labels";

describe("sortLabels", () => {
  it("sorts numbers by value", () => {
    expect(sortLabels(["10", "9", "-1", "2.5", "9"])).toEqual(["-1", "2.5", "9", "10"]);
  });

  it("sorts by code point where one is no number", () => {
    expect(sortLabels(["10", "9", "x"])).toEqual(["10", "9", "x"]);
    expect(sortLabels(["b", "a", "B"])).toEqual(["B", "a", "b"]);
  });
});
