import { DataError } from "../shared/errors";

const explanations: Record<string, [what: string, hint: string]> = {
  ENOENT: ["There is no", "Check the path; a relative one is relative to the config file."],
  ENOTDIR: ["There is no", "A part of the path is a file and not a folder."],
  EACCES: ["No permission to read", "Give this user the right to read it."],
  EPERM: ["No permission to read", "Give this user the right to read it."],
  EISDIR: ["A folder is where a file is expected:", "Name a file in it."],
  ELOOP: ["Links that lead in a circle:", "Replace the link by what it should lead to."],
};

/** Turns a file system error that the user can mend into a DataError that names `path`; gives others back. */
export function explainReadError(error: unknown, path: string, kind: "file" | "folder"): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const explanation = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  if (!explanation) return error;
  const [what, hint] = explanation;
  return new DataError(`${what}${what.endsWith(":") ? "" : ` ${kind}`} ${path}`, { hint, cause: error });
}
