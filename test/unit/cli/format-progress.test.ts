import { formatCount, formatDuration, formatRate } from "../../../src/cli/format-progress";

test.each([
  [0, "0"],
  [999, "999"],
  [60_000, "60,000"],
  [123_456, "123k"],
  [274_000_000, "274M"],
  [1_500_000, "1.5M"],
  [2e9, "2.0G"],
])("count %d is %s", (count, text) => expect(formatCount(count)).toBe(text));

test.each([
  [0.123, "0.12/s"],
  [7.25, "7.3/s"],
  [1234.4, "1,234/s"],
])("rate %d is %s", (rate, text) => expect(formatRate(rate)).toBe(text));

test.each([
  [0, "0:00"],
  [7.4, "0:07"],
  [59.7, "1:00"],
  [750, "12:30"],
  [11_100, "3:05:00"],
])("%d seconds are %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
