import { Readable } from "node:stream";
import fc from "fast-check";
import { parseTabs } from "../../../../src/data/csv/parse-tabs";
import type { TableRecord } from "../../../../src/data/csv/read-records";

const read = async (text: string, chunk = 7) => {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const records: TableRecord[] = [];
  for await (const record of parseTabs(Readable.from(chunks), "a.tsv")) records.push(record);
  return records;
};
const fieldsOf = async (text: string) => (await read(text)).map(({ fields }) => fields);

it("takes a quote for text where quotes do not hold a whole field", async () => {
  const text = 'ham\tso happy about "the cave"\nspam\t"Wow" he said\nham\t"never closed\nham\t"a" and "b"\nham\tend"\n';
  expect(await fieldsOf(text)).toEqual([
    ["ham", 'so happy about "the cave"'],
    ["spam", '"Wow" he said'],
    ["ham", '"never closed'],
    ["ham", '"a" and "b"'],
    ["ham", 'end"'],
  ]);
});

it("reads fields in quotes with tabs, quotes and newlines in them", async () => {
  expect(await read('a\t"x ""y"" z"\n"1\t2"\tb\n"one\ntwo\n\nthree"\tc\nd\t"last\nline"\n\n')).toEqual([
    { fields: ["a", 'x "y" z'], line: 1 },
    { fields: ["1\t2", "b"], line: 2 },
    { fields: ["one\ntwo\n\nthree", "c"], line: 6 },
    { fields: ["d", "last\nline"], line: 8 },
  ]);
});

it("leaves a byte-order mark and CR out", async () => {
  expect(await fieldsOf("\ufeffa\tb\r\n1\t\r\n")).toEqual([
    ["a", "b"],
    ["1", ""],
  ]);
});

it("names the line with too few or too many fields", async () => {
  await expect(read("a\tb\n1\t2\n1\n")).rejects.toThrow("a.tsv: line 3 has 1 fields, and the first has 2");
});

it("reads back any table, written with quotes or, where there is nothing to quote, without", async () => {
  const field = fc.string({ unit: fc.constantFrom("a", '"', "é", " ", "\n"), maxLength: 6 });
  const written = (value: string) => `"${value.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), async (rows) => {
      const quoted = rows.map((row) => row.map(written).join("\t")).join("\n");
      expect(await fieldsOf(quoted)).toEqual(rows);
      const plain = rows.map((row) => row.map((value) => `x${value.replaceAll(/["\n]/g, "")}`));
      expect(await fieldsOf(plain.map((row) => row.join("\t")).join("\n"))).toEqual(plain);
    }),
  );
});
