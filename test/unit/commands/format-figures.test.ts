import { formatAmount, formatBytes, formatDuration } from "../../../src/commands/format-figures";

test.each([
  [0, "0 "],
  [999, "999 "],
  [1234, "1.23 k"],
  [999_600, "1 M"],
  [174_604_259_328, "175 G"],
])("%d is %s", (value, text) => {
  expect(formatAmount(value)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1.5 * 2 ** 30, "1.5 GiB"],
])("%d bytes are %s", (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test.each([
  [0, "0 µs"],
  [2.5e-6, "2.5 µs"],
  [0.0032, "3.2 ms"],
  [80, "80 s"],
  [720, "12 min"],
  [3 * 86400, "3 days"],
])("%d seconds are %s", (value, text) => {
  expect(formatDuration(value)).toBe(text);
});
