/** Where something is in a config: keys and, for lists, positions. */
export type ConfigPath = readonly (string | number)[];

/** As people write it: `model.layers[3].units`; a key that is no plain word is quoted: `train.classWeights["a.b"]`. */
export function formatConfigPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const key = String(part);
    if (!/^[^\s.[\]="]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

const step = /\.?([^\s.[\]="]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * The path that `text` begins with, and the rest of it. Positions in lists may be written `layers[2]` or `layers.2`: the
 * second gives the key "2". Undefined when `text` begins with no path.
 */
export function parseConfigPath(text: string): { path: ConfigPath; rest: string } | undefined {
  const path: (string | number)[] = [];
  let end = 0;
  for (;;) {
    step.lastIndex = end;
    const match = step.exec(text);
    if (!match) break;
    const [, key, position, quoted] = match;
    // A dot stands before every key but the first.
    if (match[0].startsWith(".") === (path.length === 0) && key !== undefined) break;
    path.push(key ?? (quoted === undefined ? Number(position) : (JSON.parse(quoted) as string)));
    end = step.lastIndex;
  }
  return path.length === 0 ? undefined : { path, rest: text.slice(end) };
}

/** What is at `path` in `value`; undefined when it is not there. Own properties only. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, part)
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}
