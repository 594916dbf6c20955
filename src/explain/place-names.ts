import type { Preprocessing } from "../data/preprocess/preprocessing";
import { paddingId } from "../data/text/tokenizer-record";
import type { HostTensor } from "../shared/host-tensor";

/** What the places of a map are called: tokens, steps by number, features by name. Padding has no name. */
export function placeNames(
  { record, tokenizer }: Pick<Preprocessing, "record" | "tokenizer">,
  input: HostTensor,
): string[] {
  switch (record.kind) {
    case "image":
      return [];
    case "vector":
      return [...record.names];
    case "text":
    case "tokens":
      return Array.from(input.data, (id) => (id === paddingId ? "" : (tokenizer?.tokens[id] ?? String(id))));
    case "series":
    case "window":
      return Array.from({ length: input.shape[1] ?? 0 }, (_, step) => `step ${step + 1}`);
  }
}

/** What stands between two tokens when they are read one after the other. */
export function tokenSeparator({ tokenizer }: Pick<Preprocessing, "tokenizer">): string {
  return tokenizer?.unit === "word" ? " " : "";
}
