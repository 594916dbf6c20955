import type { ConfigProblem } from "../shared/errors";
import { type ConfigPath, formatConfigPath, parseConfigPath } from "./config-path";
import { JsonProblem, parseJson } from "./parse-json";

/** `key.path=value` of the command line, read. */
export interface Override {
  /** As typed. */
  readonly text: string;
  readonly path: ConfigPath;
  readonly value: unknown;
  /** The value looks like JSON but is not, so it was taken as text. */
  readonly isBrokenJson: boolean;
}

/** What a key stands for while it is not given, so that `train.optimizer.learningRate=0.1` alone is complete. */
const impliedKinds: ReadonlyMap<string, string> = new Map([["train.optimizer", "adam"]]);

type Container = Record<string, unknown> | unknown[];

/**
 * A copy of `config` with `overrides` applied in order, what each did, and what is wrong with them. Objects on the way
 * are made; a kind written as a string ("adam") becomes `{"type": "adam"}` when one of its options is set; a list may be extended
 * at its end, not beyond.
 */
export function applyOverrides(
  config: unknown,
  texts: readonly string[],
): { config: unknown; overrides: Override[]; problems: ConfigProblem[] } {
  const root = { config: structuredClone(config) };
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  for (const text of texts) {
    const override = parseOverride(text);
    const applied = "message" in override ? override : apply(root, override);
    if (applied && "message" in applied) problems.push(applied);
    else overrides.push(applied);
  }
  return { config: root.config, overrides, problems };
}

function parseOverride(text: string): Override | ConfigProblem {
  const { path, rest } = parseConfigPath(text) ?? { path: [], rest: "" };
  if (path.length === 0 || !rest.startsWith("=")) {
    return { path: "", message: `the override ${JSON.stringify(text)} is not of the form key.path=value` };
  }
  if (path.includes("__proto__")) return { path: formatConfigPath(path), message: "the key __proto__ is not allowed" };
  const value = rest.slice(1);
  try {
    return { text, path, value: parseJson(value), isBrokenJson: false };
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return { text, path, value, isBrokenJson: /^\s*[[{"]/.test(value) };
  }
}

/** Sets the value in `root.config`. Returns the override with positions in lists as numbers, or what is wrong. */
function apply(root: { config: unknown }, override: Override): Override | ConfigProblem {
  const path: (string | number)[] = [];
  let container: Container = root;
  let key: string | number = "config";
  for (const part of override.path) {
    container = open(container, key, path, part);
    const position = Array.isArray(container) ? listPosition(container, part) : String(part);
    if (position === undefined) return badPosition(path, part, container as unknown[], override);
    key = position;
    path.push(position);
  }
  put(container, key, override.value);
  return { ...override, path };
}

/** The object or list at `container[key]`, made if it is not there, to hold `next`. */
function open(container: Container, key: string | number, path: ConfigPath, next: string | number): Container {
  const held: unknown = Object.hasOwn(container, key) ? (container as Record<string, unknown>)[key] : undefined;
  if (typeof held === "object" && held !== null) return held as Container;
  const kind = typeof held === "string" ? held : impliedKinds.get(formatConfigPath(path));
  const made: Container = typeof next === "number" ? [] : kind !== undefined && next !== "type" ? { type: kind } : {};
  put(container, key, made);
  return made;
}

function put(container: Container, key: string | number, value: unknown): void {
  (container as Record<string | number, unknown>)[key] = value;
}

function listPosition(list: readonly unknown[], part: string | number): number | undefined {
  if (typeof part === "string" && !/^\d+$/.test(part)) return undefined;
  return Number(part) <= list.length ? Number(part) : undefined;
}

function badPosition(
  path: ConfigPath,
  part: string | number,
  list: readonly unknown[],
  { text }: Override,
): ConfigProblem {
  const where = formatConfigPath(path);
  const length = `${list.length} ${list.length === 1 ? "item" : "items"}`;
  return {
    path: where,
    message: /^\d+$/.test(String(part))
      ? `the list has ${length}, so there is no position ${part} in it (override ${text})`
      : `this is a list of ${length}; a position is needed, not ${JSON.stringify(part)} (override ${text})`,
    hint: `Positions count from 0: ${where}[0].`,
  };
}
