import { readFileSync } from "node:fs";
import { maskedCrc32c } from "../../src/train/tensorboard/crc32c";

/** The records of an event file; fails where framing or a sum is wrong. */
export function readRecords(path: string): Buffer[] {
  const file = readFileSync(path);
  const records: Buffer[] = [];
  for (let offset = 0; offset < file.length; ) {
    const length = Number(file.readBigUInt64LE(offset));
    expect(file.readUInt32LE(offset + 8)).toBe(maskedCrc32c(file.subarray(offset, offset + 8)));
    const data = file.subarray(offset + 12, offset + 12 + length);
    expect(data.length).toBe(length);
    expect(file.readUInt32LE(offset + 12 + length)).toBe(maskedCrc32c(data));
    records.push(data);
    offset += 16 + length;
  }
  return records;
}

export type Field = number | Buffer;

/** Fields of a protobuf message by number, each a list; fixed-width ones as bytes. */
export function parse(message: Buffer): Record<number, Field[]> {
  const fields: Record<number, Field[]> = {};
  let offset = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[offset++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < message.length) {
    const key = varint();
    const wire = key & 7;
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : 0;
    const field = wire === 0 ? varint() : message.subarray(offset, offset + length);
    offset += length;
    fields[key >>> 3] = [...(fields[key >>> 3] ?? []), field];
  }
  return fields;
}
