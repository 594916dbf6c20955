import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { extractZipEntry, readZipEntries } from "../../../../src/runtime/provision/zip-reader";
import { makeZip } from "../../../helpers/make-zip";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-zip-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const content = Buffer.from("libtensorflow ".repeat(5000));

function archive(
  bytes = makeZip({ "a/stored.txt": { data: Buffer.from("hello"), isStored: true }, "b/packed.so": { data: content } }),
) {
  const path = join(folder, "x.whl");
  writeFileSync(path, bytes);
  return path;
}

test("lists entries with their sizes", async () => {
  const entries = await readZipEntries(archive());
  expect(entries.map(({ name, bytes }) => [name, bytes])).toEqual([
    ["a/stored.txt", 5],
    ["b/packed.so", content.length],
  ]);
  expect(entries[1]?.compressedBytes).toBe(deflateRawSync(content).length);
});

test("extracts stored, deflated and empty entries", async () => {
  const path = archive(
    makeZip({
      e: { data: Buffer.alloc(0), isStored: true },
      s: { data: Buffer.from("hello"), isStored: true },
      d: { data: content },
    }),
  );
  for (const entry of await readZipEntries(path)) await extractZipEntry(path, entry, join(folder, "out", entry.name));
  expect(readFileSync(join(folder, "out", "e"), "utf8")).toBe("");
  expect(readFileSync(join(folder, "out", "s"), "utf8")).toBe("hello");
  expect(readFileSync(join(folder, "out", "d")).equals(content)).toBe(true);
});

test("finds the directory behind a comment", async () => {
  const bytes = Buffer.concat([makeZip({ a: { data: content } }), Buffer.from("a comment")]);
  bytes.writeUInt16LE(9, bytes.length - 9 - 2);
  expect(await readZipEntries(archive(bytes))).toHaveLength(1);
});

test.each([
  ["a text file", Buffer.from("not a zip at all")],
  ["an empty file", Buffer.alloc(0)],
  ["an archive that is cut off", makeZip({ a: { data: content } }).subarray(0, 60)],
])("refuses %s", async (_name, bytes) => {
  await expect(readZipEntries(archive(Buffer.from(bytes)))).rejects.toThrow(/not a zip archive|cut off/);
});

test("refuses content that is damaged", async () => {
  const bytes = makeZip({ a: { data: content } });
  bytes.fill(0xff, 40, 60);
  const path = archive(bytes);
  const [entry] = await readZipEntries(path);
  await expect(extractZipEntry(path, entry as never, join(folder, "out"))).rejects.toThrow();
});
