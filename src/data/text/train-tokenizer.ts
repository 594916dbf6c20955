import { compareCodePoints } from "../../shared/compare-code-points";
import { normalizeText } from "./normalize-text";
import { splitAtSpaces, splitPieces, splitWords } from "./split-text";
import type { TokenizeConfig } from "./tokenize-config";
import { specialTokens, type TokenizerRecord } from "./tokenizer-record";
import { trainMerges } from "./train-merges";

const defaultVocabulary = { word: 20_000, subword: 8_000, character: Number.POSITIVE_INFINITY } as const;

/** Makes a tokenizer of the training split's texts alone. The same texts and options give the same tokens on every machine. */
export function trainTokenizer(
  config: TokenizeConfig,
  texts: Iterable<string>,
  { isTokenized = false }: { readonly isTokenized?: boolean } = {},
): TokenizerRecord {
  const { unit, minFrequency } = config;
  const lowercase = config.lowercase ?? unit === "word";
  const vocabulary = config.vocabulary ?? defaultVocabulary[unit];
  const split = isTokenized
    ? splitAtSpaces
    : { word: splitWords, subword: splitPieces, character: Array.from<string> }[unit];
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const part of split(normalizeText(text, lowercase))) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const record = { unit, lowercase, isTokenized };
  if (unit === "word") {
    // A text that says "<unknown>" is not the unknown token.
    for (const name of specialTokens) counts.delete(name);
    return { ...record, tokens: [...specialTokens, ...mostFrequent(counts, vocabulary, minFrequency)], merges: [] };
  }
  const characters = unit === "character" ? counts : countCharacters(counts);
  const kept = mostFrequent(characters, vocabulary, minFrequency).sort(compareCodePoints);
  const tokens = [...specialTokens, ...kept];
  if (unit === "character") return { ...record, tokens, merges: [] };
  // What occurs once is no pattern.
  const merges = trainMerges({ pieces: counts, tokens, vocabulary, minFrequency: Math.max(2, minFrequency) });
  return { ...record, ...merges };
}

/** The most frequent first, of equal ones the smaller code points. */
function mostFrequent(counts: ReadonlyMap<string, number>, vocabulary: number, minFrequency: number): string[] {
  return [...counts]
    .filter(([, count]) => count >= minFrequency)
    .sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b))
    .slice(0, Math.max(0, vocabulary - specialTokens.length))
    .map(([token]) => token);
}

function countCharacters(pieces: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [piece, count] of pieces) {
    for (const character of piece) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  return counts;
}
