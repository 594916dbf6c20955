/** Position of the first byte that is not UTF-8; undefined where all are. */
export function findInvalidUtf8(bytes: Uint8Array): number | undefined {
  let position = 0;
  while (position < bytes.length) {
    const length = sequenceLength(bytes, position);
    if (length === 0) return position;
    position += length;
  }
  return undefined;
}

/** How many bytes the character at `start` takes; 0 where it is none. Unicode 16, table 3-7. */
function sequenceLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start] as number;
  if (first < 0x80) return 1;
  const second = bytes[start + 1] ?? 0;
  const isRest = (offset: number) => ((bytes[start + offset] ?? 0) & 0xc0) === 0x80;
  if (!isRest(1)) return 0;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) {
    const isShort = first === 0xe0 && second < 0xa0;
    const isSurrogate = first === 0xed && second > 0x9f;
    return !isShort && !isSurrogate && isRest(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const isShort = first === 0xf0 && second < 0x90;
    const isBeyond = first === 0xf4 && second > 0x8f;
    return !isShort && !isBeyond && isRest(2) && isRest(3) ? 4 : 0;
  }
  return 0;
}
