import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fatbinArchitectures } from "../../../../src/runtime/cuda/fatbin-architectures";
import { describeFakeCuda } from "../../../helpers/fake-cuda";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-fatbin-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A container of programs as CUDA's compiler lays them out: kind, length of header and content, architecture. */
function container(programs: readonly (readonly [kind: number, architecture: number])[]): Buffer {
  const entries = programs.map(([kind, architecture]) => {
    const entry = Buffer.alloc(64 + 24);
    entry.writeUInt16LE(kind, 0);
    entry.writeUInt32LE(64, 4);
    entry.writeBigUInt64LE(24n, 8);
    entry.writeUInt32LE(architecture, 28);
    return entry;
  });
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xba55ed50, 0);
  header.writeUInt16LE(1, 4);
  header.writeUInt16LE(16, 6);
  header.writeBigUInt64LE(BigInt(Buffer.concat(entries).length), 8);
  return Buffer.concat([header, ...entries]);
}

/** A true shared library that has `content` in a section of that name. */
function library(name: string, section: string, content: Buffer): string {
  const [source, path] = [join(folder, `${name}.c`), join(folder, name)];
  writeFileSync(
    source,
    `__attribute__((section("${section}"), used)) static const unsigned char code[] = {${[...content].join(",")}};`,
  );
  execFileSync("gcc", ["-shared", "-fPIC", source, "-o", path]);
  return path;
}

describeFakeCuda("architectures of the code in a library", () => {
  test("of all its containers, padding between them", async () => {
    const content = Buffer.concat([
      container([
        [2, 80],
        [2, 90],
        [1, 90],
      ]),
      Buffer.alloc(16),
      container([[2, 60]]),
    ]);
    expect(await fatbinArchitectures([library("a.so", ".nv_fatbin", content)])).toEqual({
      binary: [60, 80, 90],
      ptx: [90],
    });
  });

  test("of several libraries what all have; one without code of a GPU does not count", async () => {
    const paths = [
      library(
        "a.so",
        ".nv_fatbin",
        container([
          [2, 80],
          [2, 90],
        ]),
      ),
      library(
        "b.so",
        ".nv_fatbin",
        container([
          [2, 90],
          [1, 90],
        ]),
      ),
      library("c.so", ".other", Buffer.alloc(64)),
    ];
    expect(await fatbinArchitectures(paths)).toEqual({ binary: [90], ptx: [] });
  });
});

test("a file that is no library has none", async () => {
  writeFileSync(join(folder, "text"), "x".repeat(100));
  writeFileSync(join(folder, "empty"), "");
  expect(await fatbinArchitectures([join(folder, "text"), join(folder, "empty")])).toEqual({ binary: [], ptx: [] });
});
