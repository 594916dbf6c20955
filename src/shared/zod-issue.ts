import type { z } from "zod";

/** The first thing wrong with a file's content, and where: `training.steps: it is missing`. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue ? describeIssue(issue) : "it is not what is expected";
}

/** A key of a file from anywhere may be of any length. */
const longest = 300;

/** What zod found, in words for people. */
export function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const words = message
    .replace(/^Invalid input: .*, received undefined$/, "it is missing")
    .replace(/^Invalid input: expected/, "expected");
  const line = path.length > 0 ? `${path.map(String).join(".")}: ${words}` : words;
  return line.length > longest ? `${line.slice(0, longest)}...` : line;
}
