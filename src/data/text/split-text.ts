/** Words: letters, marks and digits with apostrophes inside; any other sign that is not white space by itself. */
const words = /[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}_]/gu;

/** Pieces that byte-pair encoding does not merge across; together they are the whole text. A space goes with what follows. */
const pieces = / ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The words and signs of a text; white space is left out. */
export function splitWords(text: string): string[] {
  return text.match(words) ?? [];
}

/** What stands between white space. */
export function splitAtSpaces(text: string): string[] {
  return text.match(/\S+/g) ?? [];
}

/** Pieces that make up the text when they are joined. */
export function splitPieces(text: string): string[] {
  return text.match(pieces) ?? [];
}
