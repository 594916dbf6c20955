/**
 * Token ids of texts as bytes, little-endian: the number of texts (4), the bytes of an id (4: 2 or 4), the length of each
 * text (4 each), then all ids.
 */
export function encodeLists(lists: readonly Int32Array[]): Buffer {
  const ids = lists.reduce((sum, { length }) => sum + length, 0);
  const width = lists.some((list) => list.some((id) => id > 0xffff)) ? 4 : 2;
  const bytes = Buffer.alloc(8 + 4 * lists.length + width * ids);
  bytes.writeUInt32LE(lists.length, 0);
  let at = bytes.writeUInt32LE(width, 4);
  for (const { length } of lists) at = bytes.writeUInt32LE(length, at);
  for (const list of lists) {
    for (const id of list) at = width === 2 ? bytes.writeUInt16LE(id, at) : bytes.writeUInt32LE(id, at);
  }
  return bytes;
}

/** Reads what `encodeLists` wrote. Undefined when that is not what it is. */
export function decodeLists(bytes: Buffer): Int32Array[] | undefined {
  if (bytes.length < 8) return undefined;
  const [count, width] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  const start = 8 + 4 * count;
  if ((width !== 2 && width !== 4) || start > bytes.length) return undefined;
  const lengths = Uint32Array.from({ length: count }, (_, text) => bytes.readUInt32LE(8 + 4 * text));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (start + width * total !== bytes.length) return undefined;
  const ids = new Int32Array(total);
  for (let index = 0; index < total; index++) {
    ids[index] = width === 2 ? bytes.readUInt16LE(start + 2 * index) : bytes.readUInt32LE(start + 4 * index);
  }
  let at = 0;
  return Array.from(lengths, (length) => {
    at += length;
    return ids.subarray(at - length, at);
  });
}
