import { resolve } from "node:path";
import { sourceDefinitions } from "../data/sources/source-definitions";

/** Keys of `data` that hold a path, whatever the source. */
const pathKeys = new Set<string>(Object.values(sourceDefinitions).flatMap(({ paths }) => paths));

/**
 * Overrides as they were typed, but for relative paths in them: what is typed is relative to `folder`, where it is
 * typed, while paths in a config are relative to the config's file.
 */
export function anchorOverrides(texts: readonly string[], folder: string): string[] {
  return texts.map((text) => {
    const [, key = "", value = ""] = /^data\.(\w+)=(.*)$/s.exec(text) ?? [];
    const path = pathKeys.has(key) ? textOf(value) : undefined;
    return path ? `data.${key}=${JSON.stringify(resolve(folder, path))}` : text;
  });
}

/** The value as the override will be read, where that is text. */
function textOf(value: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : undefined;
  } catch {
    return value;
  }
}
