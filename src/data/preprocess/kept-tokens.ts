import { createHash } from "node:crypto";
import type { CacheMode } from "../cache/choose-cache";
import { decodeLists, encodeLists } from "../cache/tokens/token-lists";
import { openTokenStore, type TokenFileName } from "../cache/tokens/token-store";
import type { TokenizeConfig } from "../text/tokenize-config";
import { type TokenizerRecord, tokenizerRecordSchema } from "../text/tokenizer-record";
import { trainTokenizer } from "../text/train-tokenizer";

/** Goes up when the same options and texts make other tokens. */
const tokenVersion = 1;

/** Characters of all texts together: fewer are tokenized sooner than they are looked up. */
const worthKeeping = 500_000;

interface TextsRequest {
  /** The texts, anew at each call. */
  texts(): Iterable<string>;
  readonly cache: CacheMode;
}

/** As `trainTokenizer`; from the user's cache where one was made of the same texts with the same options before. */
export function trainKeptTokenizer(
  config: TokenizeConfig,
  { texts, cache, isTokenized = false }: TextsRequest & { readonly isTokenized?: boolean },
): TokenizerRecord {
  const train = () => trainTokenizer(config, texts(), { isTokenized });
  const name = nameFor(".tokenizer", { config, isTokenized }, { texts, cache });
  if (name === undefined) return train();
  const store = openTokenStore();
  const kept = parseTokenizer(store.read(name));
  if (kept) return kept;
  const made = train();
  store.keep(name, Buffer.from(JSON.stringify(made)));
  return made;
}

/** Token ids of texts that may be in the user's cache. */
export interface KeptLists {
  /** One list for each text; undefined when they are not there. */
  readonly lists: Int32Array[] | undefined;
  /** Keeps the lists of all texts for later runs. */
  keep(lists: readonly Int32Array[]): void;
}

/** What is kept of the ids that the tokenizer `record` makes of these texts, all of them, in this order; `kind`: who arranges them. */
export function findKeptLists(
  record: TokenizerRecord,
  { kind, ...request }: TextsRequest & { readonly kind: "text" | "corpus" },
): KeptLists {
  const name = nameFor(".tokens", { record, kind }, request);
  if (name === undefined) return { lists: undefined, keep: () => undefined };
  const store = openTokenStore();
  const kept = store.read(name);
  return {
    lists: kept && decodeLists(kept),
    keep: (lists) => store.keep(name, encodeLists(lists)),
  };
}

/** Undefined where nothing is to be kept. All that decides the content is in the name. */
function nameFor(
  ending: ".tokenizer" | ".tokens",
  options: object,
  { texts, cache }: TextsRequest,
): TokenFileName | undefined {
  if (cache === "none" || cache === "memory") return undefined;
  // What is a letter, and how it is composed, is Unicode's, which Node.js brings.
  const hash = createHash("sha256").update(JSON.stringify([tokenVersion, process.versions.unicode, options]));
  let characters = 0;
  for (const text of texts()) {
    characters += text.length;
    hash.update(`\0${text.length}\0`).update(text);
  }
  return characters < worthKeeping ? undefined : `${hash.digest("hex").slice(0, 32)}${ending}`;
}

function parseTokenizer(bytes: Buffer | undefined): TokenizerRecord | undefined {
  if (!bytes) return undefined;
  try {
    return tokenizerRecordSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}
