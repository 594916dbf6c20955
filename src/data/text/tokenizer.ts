import { applyMerges, mergeTable } from "./byte-pairs";
import { normalizeText } from "./normalize-text";
import { splitAtSpaces, splitPieces, splitWords } from "./split-text";
import { paddingId, specialTokens, type TokenizerRecord, unknownId } from "./tokenizer-record";

/** Turns texts into token ids and back. Id 0 is padding, id 1 stands for what the vocabulary lacks. */
export interface Tokenizer {
  readonly unit: TokenizerRecord["unit"];
  /** Number of tokens; ids are below it. */
  readonly size: number;
  /** A token's id is its position; the first two are `<padding>` and `<unknown>`. */
  readonly tokens: readonly string[];
  /** Ids of a text, no padding among them; none for an empty text. */
  encode(text: string): Int32Array;
  /**
   * The text of ids: padding is left out, U+FFFD stands for the unknown. Words are joined by spaces; the others give the
   * text back exactly (in form NFC, and in lower case where case is ignored).
   */
  decode(ids: Iterable<number>): string;
}

/** Pieces whose ids are remembered; texts repeat most of theirs. */
const mostRemembered = 100_000;

/** A tokenizer as `trainTokenizer` made it. */
export function restoreTokenizer(record: TokenizerRecord): Tokenizer {
  const { unit, lowercase, isTokenized, tokens } = record;
  const ids = new Map(tokens.map((token, id) => [token, id]));
  // A text that says "<unknown>" is not the unknown token.
  for (const name of specialTokens) ids.delete(name);
  const split = isTokenized ? splitAtSpaces : splitWords;
  const idOf = (part: string) => ids.get(part) ?? unknownId;
  const encodePieces = unit === "subword" ? pieceEncoder(record, ids) : undefined;
  return {
    unit,
    size: tokens.length,
    tokens,
    encode(text) {
      const normal = normalizeText(text, lowercase);
      if (encodePieces) return encodePieces(normal);
      return unit === "character" ? Int32Array.from(characters(normal), idOf) : Int32Array.from(split(normal), idOf);
    },
    decode(given) {
      const texts: string[] = [];
      for (const id of given) if (id !== paddingId) texts.push(id === unknownId ? "\uFFFD" : (tokens[id] ?? "\uFFFD"));
      return texts.join(unit === "word" ? " " : "");
    },
  };
}

/** Code points: half a pair of surrogates is never a token. */
function characters(text: string): string[] {
  return Array.from(text);
}

function pieceEncoder({ tokens, merges }: TokenizerRecord, ids: ReadonlyMap<string, number>) {
  const table = mergeTable(merges, ids, tokens);
  const remembered = new Map<string, readonly number[]>();
  const encodePiece = (piece: string) => {
    const known = remembered.get(piece);
    if (known) return known;
    const encoded = applyMerges(
      characters(piece).map((character) => ids.get(character) ?? unknownId),
      table,
    );
    if (remembered.size < mostRemembered) remembered.set(piece, encoded);
    return encoded;
  };
  return (text: string) => Int32Array.from(splitPieces(text).flatMap(encodePiece));
}
