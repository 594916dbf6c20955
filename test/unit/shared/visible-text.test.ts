import { visibleText } from "../../../src/shared/visible-text";

test.each([
  ["plain, ä, 日本, 🌱, é", "plain, ä, 日本, 🌱, é"],
  ["two\nlines\tand a tab", "two\\nlines\\x09and a tab"],
  ["\u001b[31mred\u0007\u007f\u009b", "\\x1b[31mred\\x07\\x7f\\x9b"],
  ["gnp.\u202e", "gnp.\\u202e"],
  ["caf\udce9", "caf\\xe9"],
])("%j is shown as %j", (text, shown) => expect(visibleText(text)).toBe(shown));

test("lines are kept where they are meant", () => {
  expect(visibleText("two\nlines\tand\u001b", { keepLines: true })).toBe("two\nlines\tand\\x1b");
});
