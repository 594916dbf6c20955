import type { PieceMap } from "./reason";

const mostListed = 4;
/** What is weaker than this part of the strongest is not listed. */
const least = 0.1;

/** The pieces that matter most, either way; a piece that comes several times is named once, marks alone are not. */
export function strongestPieces(
  pieces: readonly { readonly text: string; readonly weight: number }[],
): PieceMap["strongest"] {
  const ranked = (sign: 1 | -1) => {
    const strong = pieces.filter(({ text, weight }) => sign * weight >= least && /[\p{L}\p{N}]/u.test(text));
    const names = strong.sort((a, b) => sign * (b.weight - a.weight)).map(({ text }) => text.trim());
    return [...new Set(names)].slice(0, mostListed);
  };
  return { for: ranked(1), against: ranked(-1) };
}
