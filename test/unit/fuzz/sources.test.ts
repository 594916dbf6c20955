import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { ExampleSet } from "../../../src/data/example-set";
import { openSource } from "../../../src/data/source-config";
import { corruptBytes } from "../../helpers/corruptions";
import { fuzzTest } from "../../helpers/fuzz";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const folder = useTemporaryFolder();
const open = (data: object) => openSource(data as Parameters<typeof openSource>[0], { baseFolder: folder.path });

/** An answer must be whole: as many targets as examples, numbers that are numbers, classes that there are. */
function requireWhole({ count, inputs, targets, origin }: ExampleSet): void {
  expect(count).toBeGreaterThan(0);
  expect(inputs.count).toBe(count);
  if (inputs.kind === "vector") {
    expect(inputs.values).toHaveLength(count * inputs.names.length);
    expect(inputs.values.every(Number.isFinite)).toBe(true);
  }
  if (targets.kind === "class") {
    expect(targets.indices).toHaveLength(count);
    expect(targets.indices.every((index) => index >= 0 && index < targets.labels.length)).toBe(true);
  } else if (targets.kind === "values") expect(targets.values.every(Number.isFinite)).toBe(true);
  for (let index = 0; index < count; index++) expect(origin(index)).not.toMatch(/undefined|NaN/);
}

const uint32 = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const idxImages = Buffer.from([0, 0, 8, 3, ...[4, 2, 3].flatMap(uint32), ...Array(24).keys()]);
const idxLabels = Buffer.from([0, 0, 8, 1, ...uint32(4), 0, 1, 1, 0]);
const idxInputs = fc.record({
  images: corruptBytes(idxImages, gzipSync(idxImages)),
  labels: fc.oneof(fc.constant(idxLabels), corruptBytes(idxLabels, gzipSync(idxLabels))),
});

fuzzTest("IDX files of other bytes", idxInputs, { runs: 500 }, async ({ images, labels }) => {
  folder.write("images", images);
  folder.write("labels", labels);
  const set = await open({ source: "idx", images: "images", labels: "labels" });
  requireWhole(set);
  if (set.inputs.kind !== "image") throw new Error("IDX files hold images");
  for (let index = 0; index < set.count; index++) {
    const image = set.inputs.image(index);
    if (!("pixels" in image)) throw new Error("no pixels");
    expect(image.pixels).toHaveLength(image.width * image.height * image.channels);
  }
});

const tables = {
  csv: '\ufeffa,b,kind\r\n1,2,x\r\n-3.5e2,.5,"y, ""z"""\r\n5,6,"two\nlines"\r\n',
  tsv: "a\tb\tkind\n1\t2\tx\n3\t4\ty\n",
  jsonl: '{"a":1,"b":2,"kind":"x"}\n{"kind":"y","a":3e1,"b":null}\n{"a":5,"b":6,"kind":"x"}\n',
};

describe.each(Object.entries(tables))("%s", (ending, text) => {
  const corrupt = corruptBytes(Buffer.from(text));
  const roles = [{ label: "kind" }, { target: ["b"] }].map((role) => ({
    features: role.label ? ["a", "b"] : ["a"],
    ...role,
  }));
  const request = fc.record({
    bytes: fc.oneof({ weight: 4, arbitrary: corrupt }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) }),
    columns: fc.constantFrom(...roles),
    header: fc.constantFrom(true, true, false),
    missing: fc.constantFrom("error", "drop"),
  });
  fuzzTest("tables of other bytes", request, { runs: 500 }, async ({ bytes, columns, header, missing }) => {
    folder.write(`table.${ending}`, bytes);
    const ignore = columns.label ? [] : ["kind"];
    requireWhole(await open({ source: "csv", path: `table.${ending}`, columns, header, missing, ignore }));
  });
});

const cell = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
  fc.constantFrom('"', '""', ",", "a\nb", "a\r\nb", "'", "#", "\t"),
);
const rows = fc.array(fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), cell), {
  minLength: 2,
  maxLength: 8,
});
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

fuzzTest(
  "tables that are sound give what was written",
  fc.tuple(rows, fc.constantFrom("\n", "\r\n")),
  { runs: 300 },
  async ([list, end]) => {
    const labels = list.map(([, label]) => label.trim());
    fc.pre(new Set(labels).size > 1 && labels.every((label) => label !== ""));
    const lines = list.map(([number], index) => `${number},${quoted(labels[index] as string)}`);
    folder.write("table.csv", ["x,kind", ...lines, ""].join(end));
    const { inputs, targets } = await open({
      source: "csv",
      path: "table.csv",
      columns: { features: ["x"], label: "kind" },
      header: true,
      missing: "error",
      ignore: [],
    });
    if (inputs.kind !== "vector" || targets.kind !== "class") throw new Error("another kind");
    expect([...inputs.values]).toEqual(list.map(([number]) => Number(`${number}`)));
    expect([...targets.indices].map((index) => targets.labels[index])).toEqual(labels);
  },
);
