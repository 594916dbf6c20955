import { classColumns, csvHead, csvRow, formatLine, formatPercent } from "../../../src/predict/format-predictions";

const widths = { name: 12, label: 7 };

test("labels with their share, lined up", () => {
  const predictions = [
    { label: "sneaker", probability: 0.97 },
    { label: "bag", probability: 0.0213 },
  ];
  const line = formatLine({ input: "a.png", label: "sneaker", probability: 0.97, predictions }, widths, []);
  expect(line).toBe("a.png         sneaker  97.0 %  bag       2.1 %");
});

test("values with their names, rows with their number, errors in their place", () => {
  expect(formatLine({ input: "t.csv", row: 3, values: [1.23456789, -2] }, widths, ["x", "y"])).toBe(
    "t.csv row 3   x 1.23457  y -2",
  );
  expect(formatLine({ input: "b.png", error: "the file is empty" }, widths, [])).toBe(
    "b.png         error: the file is empty",
  );
});

test("what is not certain is not shown as 100 %", () => {
  expect([1, 0.99999, 0.9989, 0.5, 0].map(formatPercent)).toEqual(["100.0 %", "99.9 %", "99.9 %", "50.0 %", "0.0 %"]);
});

test("CSV quotes what needs it", () => {
  expect(csvHead(classColumns)).toBe("input,row,label,probability,error");
  expect(csvHead(["x", "y"])).toBe("input,row,x,y,error");
  const prediction = { input: 'a "b", c.png', label: "line\nbreak", probability: 0.5, predictions: [] };
  expect(csvRow(prediction, classColumns)).toBe('"a ""b"", c.png",,"line\nbreak",0.5,');
  expect(csvRow({ input: "t.csv", row: 2, values: [1, 2] }, ["x", "y"])).toBe("t.csv,2,1,2,");
  expect(csvRow({ input: "b.png", error: "no, really" }, ["x", "y"])).toBe('b.png,,,,"no, really"');
});

test("a label for each word, with what was cut off", () => {
  const tokens = [
    { token: "the", label: "DET", probability: 0.9 },
    { token: "dog", label: null, probability: null },
  ];
  expect(formatLine({ input: "the dog", tokens }, widths, [])).toBe("the dog       the/DET dog/?");
  expect(csvRow({ input: "the dog", tokens }, ["labels"])).toBe("the dog,,DET ?,");
});

test("a sequence is called by its name", () => {
  expect(formatLine({ input: "t.csv", row: 3, sequence: "s7", values: [1] }, widths, ["x"])).toBe(
    "t.csv sequence s7  x 1",
  );
});
