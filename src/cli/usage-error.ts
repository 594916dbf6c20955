import type { CommanderError } from "commander";
import { UsageError } from "../shared/errors";

/** commander's complaint about the command line, as an error like all others; its "Did you mean" becomes the hint. */
export function usageError({ message }: CommanderError, commandName: string): UsageError {
  const [complaint = "", ...rest] = message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").match(/\((Did you mean .*\?)\)/)?.[1];
  return new UsageError(`${complaint.charAt(0).toUpperCase()}${complaint.slice(1)}`, {
    hint: suggestion ?? `See: ${commandName} --help`,
  });
}
