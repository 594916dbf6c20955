import { compareCodePoints } from "../../../src/shared/compare-code-points";

describe("compareCodePoints", () => {
  it("orders capitals before small letters, and a beginning before the whole", () => {
    expect(["b", "a", "B", "ab", ""].sort(compareCodePoints)).toEqual(["", "B", "a", "ab", "b"]);
  });

  it("puts characters above U+FFFF last, where UTF-16 units would not", () => {
    const names = ["\u{1f600}", "\ufb01", "z"];
    expect([...names].sort(compareCodePoints)).toEqual(["z", "\ufb01", "\u{1f600}"]);
    expect([...names].sort()).not.toEqual([...names].sort(compareCodePoints));
  });
});
