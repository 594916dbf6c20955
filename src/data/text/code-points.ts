const highSurrogates = /[\uD800-\uDBFF]/;

/** A text by its code points, so that nothing cuts a pair of surrogates in two. */
export interface CodePoints {
  readonly count: number;
  /** From code point `start` to before `end`. */
  slice(start: number, end: number): string;
}

export function codePoints(text: string): CodePoints {
  if (!highSurrogates.test(text)) return { count: text.length, slice: (start, end) => text.slice(start, end) };
  const offsets = new Uint32Array(text.length + 1);
  let count = 0;
  for (let offset = 0; offset < text.length; offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1) {
    offsets[count++] = offset;
  }
  offsets[count] = text.length;
  return { count, slice: (start, end) => text.slice(offsets[start], offsets[Math.min(end, count)]) };
}
