import { type FileHandle, open } from "node:fs/promises";
import type { GpuArchitectures } from "./cuda-libraries";

const containerMagic = 0xba55ed50;
const kindPtx = 1;
const kindBinary = 2;

/**
 * Which GPUs the code in these libraries is for, read from the section `.nv_fatbin` in which CUDA's compiler keeps it:
 * what every library has, since an operation may be in any of them. Libraries without such a section count for nothing. Reads
 * headers only.
 */
export async function fatbinArchitectures(paths: readonly string[]): Promise<GpuArchitectures> {
  const found = await Promise.all(paths.map(readArchitectures));
  const all = found.filter(({ binary, ptx }) => binary.size > 0 || ptx.size > 0);
  const common = (kind: "binary" | "ptx") =>
    [...(all[0]?.[kind] ?? [])]
      .filter((architecture) => all.every((library) => library[kind].has(architecture)))
      .sort((a, b) => a - b);
  return { binary: common("binary"), ptx: common("ptx") };
}

interface Found {
  readonly binary: Set<number>;
  readonly ptx: Set<number>;
}

async function readArchitectures(path: string): Promise<Found> {
  const found: Found = { binary: new Set(), ptx: new Set() };
  const file = await open(path);
  try {
    const section = await findSection(file, ".nv_fatbin");
    if (!section) return found;
    // Containers, padded to 8 bytes, each a list of programs.
    for (let at = section.start; at + 16 <= section.end; ) {
      const header = await read(file, at, 16);
      if (header.readUInt32LE(0) !== containerMagic) {
        at += 8;
        continue;
      }
      const end = at + header.readUInt16LE(6) + Number(header.readBigUInt64LE(8));
      for (let entry = at + header.readUInt16LE(6); entry < end; ) entry += await readEntry(file, entry, found);
      at = end;
    }
  } finally {
    await file.close();
  }
  return found;
}

/** Returns the entry's length. */
async function readEntry(file: FileHandle, at: number, found: Found): Promise<number> {
  const entry = await read(file, at, 32);
  const kind = entry.readUInt16LE(0);
  const architecture = entry.readUInt32LE(28);
  if (kind === kindBinary) found.binary.add(architecture);
  if (kind === kindPtx) found.ptx.add(architecture);
  return Math.max(32, entry.readUInt32LE(4) + Number(entry.readBigUInt64LE(8)));
}

/** Where a section of a 64-bit ELF file is; undefined where it has none of that name, or is no such file. */
async function findSection(file: FileHandle, name: string): Promise<{ start: number; end: number } | undefined> {
  const { size } = await file.stat();
  if (size < 64) return undefined;
  const header = await read(file, 0, 64);
  if (header.toString("latin1", 0, 4) !== "\x7fELF" || header[4] !== 2) return undefined;
  const count = header.readUInt16LE(60);
  const sections = await read(file, Number(header.readBigUInt64LE(40)), count * 64);
  const place = (index: number) => {
    const start = Number(sections.readBigUInt64LE(index * 64 + 24));
    return { start, end: start + Number(sections.readBigUInt64LE(index * 64 + 32)) };
  };
  if (count === 0) return undefined;
  const namesAt = place(header.readUInt16LE(62));
  const names = await read(file, namesAt.start, namesAt.end - namesAt.start);
  for (let index = 0; index < count; index++) {
    const start = sections.readUInt32LE(index * 64);
    if (names.toString("latin1", start, names.indexOf(0, start)) === name) return place(index);
  }
  return undefined;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error("the library is cut off");
  return buffer;
}
