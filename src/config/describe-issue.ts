import type { z } from "zod";
import { didYouMean } from "../shared/nearest-names";

/** A problem as zod found it, where it is, and what it says to a person. */
export interface FoundProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** For a key that nothing knows, where no known key is near to it. */
  readonly unknownKey?: string;
}

export type Issue = z.core.$ZodIssue & {
  /** Set by `noteSchema`. */
  readonly knownKeys?: readonly string[];
};

/** Of a zod schema's definition, what issues leave out. */
interface Definition {
  readonly shape?: z.ZodRawShape;
  readonly items?: unknown;
  readonly rest?: unknown;
  readonly format?: string;
}

/** As zod's `error` option: keeps with an issue what its schema knows and the finished issue does not. */
export function noteSchema(issue: z.core.$ZodRawIssue): undefined {
  const definitionOf = (schema: unknown) => ((schema as z.ZodType | undefined)?.def ?? {}) as Definition;
  const { shape, items, rest, format } = definitionOf(issue.inst);
  // Issues are copied with all their properties when they are finished.
  if (issue.code === "unrecognized_keys" && shape) Object.assign(issue, { knownKeys: Object.keys(shape) });
  if (issue.code === "invalid_type" && format === "safeint") Object.assign(issue, { expected: "int" });
  if (issue.code !== "too_small" && issue.code !== "too_big") return;
  if (Array.isArray(items) && !rest) Object.assign(issue, { exact: true });
  if (definitionOf(issue.schema).format === "safeint") Object.assign(issue, { origin: "int" });
}

/** The problems that one issue of zod stands for, in plain words; the paths begin at `base`. */
export function describeIssue(issue: Issue, base: readonly PropertyKey[] = []): FoundProblem[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], key, issue.knownKeys ?? []));
    case "invalid_union":
      return issue.discriminator === undefined
        ? describeUnion(issue.errors, issue.input, path)
        : [{ path, message: describeKind(issue) }];
    case "invalid_key":
      return [{ path, message: issue.issues.map(({ message }) => message).join("; ") }];
    case "custom":
      return [{ path, message: issue.message }];
    default:
      return [{ path, message: mismatch(expectation(issue), issue.input, optionsOf(issue)) }];
  }
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): FoundProblem {
  const near = didYouMean(key, known);
  if (near) return { path, message: `unknown key; ${near}` };
  return { path, message: `unknown key; known here: ${known.join(", ")}`, unknownKey: key };
}

/** `issue.input` is the object whose `discriminator` is missing or not known. */
function describeKind(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = ("options" in issue ? (issue.options ?? []) : []).map(String);
  const { input, discriminator = "type" } = issue as { input?: unknown; discriminator?: string };
  const kind =
    typeof input === "object" && input !== null ? (input as Record<string, unknown>)[discriminator] : undefined;
  return mismatch(`one of ${options.join(", ")}`, kind, options);
}

function describeUnion(
  branches: readonly (readonly Issue[])[],
  input: unknown,
  path: readonly PropertyKey[],
): FoundProblem[] {
  const ranked = branches.map((issues) => ({ issues, rank: rank(issues) }));
  const best = Math.min(...ranked.map(({ rank }) => rank));
  const isContainer = typeof input === "object" && input !== null;
  if (best === 0)
    return describeForms(
      ranked.filter(({ rank }) => rank === 0).map(({ issues }) => issues),
      path,
    );
  // A list of the wrong length says more of the list than of the number that could stand in its place.
  const leaves = ranked
    .filter(({ rank }) => rank === best || !isContainer)
    .flatMap(({ issues }) => issues.filter(isAtRoot));
  const custom = leaves.find(({ code }) => code === "custom");
  if (custom) return [{ path, message: custom.message }];
  const expected = [...new Set(leaves.flatMap(expectations))];
  return [{ path, message: mismatch(expected.join(" or "), input, leaves.flatMap(optionsOf)) }];
}

const isAtRoot = ({ path, code }: Issue) => path.length === 0 && code !== "unrecognized_keys";

/** 0: the value is of this form, but wrong inside; 1: of this type, but out of bounds; 2: of another type. */
function rank(issues: readonly Issue[]): 0 | 1 | 2 {
  const roots = issues.filter(isAtRoot);
  if (roots.length === 0) return 0;
  return roots.some(
    (root) => root.code === "invalid_type" || root.code === "invalid_value" || root.code === "invalid_union",
  )
    ? 2
    : 1;
}

/** Of several forms of an object the one with the fewest problems is meant. */
function describeForms(forms: readonly (readonly Issue[])[], path: readonly PropertyKey[]): FoundProblem[] {
  const fewest = Math.min(...forms.map((issues) => issues.length));
  const [first = [], ...others] = forms.filter((issues) => issues.length === fewest);
  if (others.length === 0) return first.flatMap((issue) => describeIssue(issue, path));
  const missing = [first, ...others].flatMap((issues) => issues.filter(isMissing)).map(({ path }) => String(path[0]));
  const wrong = first.find(({ code }) => code === "unrecognized_keys");
  if (missing.length > 1 && !wrong) return [{ path, message: `expected one of the keys ${missing.join(", ")}` }];
  if (wrong?.code !== "unrecognized_keys") return first.flatMap((issue) => describeIssue(issue, path));
  const known = [...new Set(forms.flatMap((issues) => issues.flatMap((issue) => issue.knownKeys ?? [])))];
  const shared = wrong.keys.filter((key) => !known.includes(key));
  const keys = shared.length > 0 ? shared : wrong.keys;
  return keys.map((key) =>
    shared.length > 0
      ? unknownKey([...path, key], key, known)
      : {
          path: [...path, key],
          message: `can't stand beside the other keys; expected one of ${known.join(", ")}`,
        },
  );
}

const isMissing = (issue: Issue) => issue.code === "invalid_type" && issue.input === undefined;

function mismatch(expected: string, received: unknown, options: readonly string[]): string {
  if (received === undefined) return `missing; expected ${expected}`;
  const near = typeof received === "string" ? didYouMean(received, options) : "";
  // Where a name is nearly right, a list of fifty others only hides it.
  if (near) return `unknown ${JSON.stringify(received)}; ${near}`;
  return `expected ${expected}, received ${formatReceived(received)}`;
}

/** A value as people read it, short. */
export function formatReceived(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (text.length <= 60) return text;
  if (Array.isArray(value)) return `a list of ${value.length} items`;
  return typeof value === "object" ? "an object" : `${text.slice(0, 57)}...`;
}

const optionsOf = (issue: Issue): string[] => (issue.code === "invalid_value" ? issue.values.map(String) : []);

/** What a nested union accepts is taken apart, so that each form is named once. */
function expectations(issue: Issue): string[] {
  if (issue.code === "invalid_union") return issue.errors.flat().filter(isAtRoot).flatMap(expectations);
  return [expectation(issue)];
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_small":
      return bound(issue.origin, issue.inclusive ? "at least" : "above", issue.minimum, issue.exact);
    case "too_big":
      return bound(issue.origin, issue.inclusive ? "at most" : "below", issue.maximum, issue.exact);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

function bound(origin: string, relation: string, limit: number | bigint, isExact = false): string {
  const size = isExact ? String(limit) : `${relation} ${limit}`;
  const plural = Number(limit) === 1 ? "" : "s";
  if (origin === "array") return `a list of ${size} item${plural}`;
  if (origin === "string")
    return Number(limit) === 1 && relation === "at least"
      ? "text that is not empty"
      : `text of ${size} character${plural}`;
  if (origin === "object" || origin === "record") return `an object with ${size} key${plural}`;
  return `a ${origin === "int" ? "whole " : ""}number ${size}`;
}
