import type { z } from "zod";
import type { ConfigProblem } from "../shared/errors";
import type { Override } from "./apply-overrides";
import { formatConfigPath, valueAt } from "./config-path";
import { describeIssue, type FoundProblem, noteSchema } from "./describe-issue";

/** The outcome of checking a value against a schema: what it became with defaults filled in, or everything wrong with it. */
export type Checked<Value> = { readonly value: Value } | { readonly problems: ConfigProblem[] };

interface CheckOptions {
  readonly overrides?: readonly Override[];
  /** Where else a key that is not known in its place is known. */
  readonly placesOf?: (key: string) => readonly string[];
}

/** Checks `given` against `schema`; problems have their paths in people's notation and name the override that made them. */
export function checkAgainst<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  { overrides = [], placesOf = () => [] }: CheckOptions = {},
): Checked<z.output<Schema>> {
  const result = schema.safeParse(given, { error: noteSchema, reportInput: true });
  if (result.success) return { value: result.data };
  const found = result.error.issues
    .flatMap((issue) => describeIssue(issue))
    .map((problem) => liftToShorthand(nameOtherPlace(problem, placesOf), given));
  const unique = new Map(found.map((problem) => [`${formatConfigPath(problem.path)} ${problem.message}`, problem]));
  return { problems: [...unique.values()].map((problem) => toConfigProblem(problem, overrides)) };
}

/** A key that stands in the wrong section. */
function nameOtherPlace(problem: FoundProblem, placesOf: (key: string) => readonly string[]): FoundProblem {
  const places = problem.unknownKey === undefined ? [] : placesOf(problem.unknownKey);
  if (places.length === 0) return problem;
  return {
    ...problem,
    message: `unknown key here; did you mean ${places.map((place) => JSON.stringify(place)).join(" or ")}?`,
  };
}

/** `"loss": "mse"` is read as `{"type": "mse"}`; what is wrong with it is wrong with what the user wrote. */
function liftToShorthand(problem: FoundProblem, given: unknown): FoundProblem {
  const parent = problem.path.slice(0, -1);
  return typeof valueAt(given, parent) === "string" ? { ...problem, path: parent } : problem;
}

function toConfigProblem({ path, message }: FoundProblem, overrides: readonly Override[]): ConfigProblem {
  const cause = overrides.findLast((override) => isWithin(path, override.path) || isWithin(override.path, path));
  const note = cause?.isBrokenJson ? ", read as text because it is not valid JSON" : "";
  return {
    path: formatConfigPath(path),
    message: cause ? `${message} (override ${withoutCredentials(cause.text)}${note})` : message,
  };
}

const isWithin = (path: readonly PropertyKey[], outer: readonly PropertyKey[]) =>
  outer.every((part, index) => String(part) === String(path[index]));

/** An address as it may stand in a log: without the name and the password in it. */
const withoutCredentials = (text: string): string => text.replace(/(\w+:\/\/)[^/\s]*@/g, "$1...@");
