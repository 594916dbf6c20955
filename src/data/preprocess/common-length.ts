import { ConfigError, DataError } from "../../shared/errors";
import { keptPart, type LengthRules } from "./apply-lengths";

interface LengthRequest {
  /** Of all examples, in steps or tokens. */
  readonly lengths: Int32Array;
  readonly rules: LengthRules;
  readonly origin: (index: number) => string;
  /** What an example is made of: "steps", "tokens". */
  readonly unit: string;
}

/** The length that all examples have after truncation and padding. Throws ConfigError or DataError where it is not one. */
export function commonLength({ lengths, rules, origin, unit }: LengthRequest): number {
  const kept = lengths.map((length) => keptPart(length, rules).count);
  const { pad } = rules;
  if (pad) {
    const longer = kept.findIndex((length) => length > pad.length);
    if (longer < 0) return pad.length;
    throw tooLong(`${origin(longer)} has ${kept[longer]} ${unit}`, pad.length);
  }
  const [first = 0] = kept;
  const other = kept.findIndex((length) => length !== first);
  if (other < 0) return first;
  throw new ConfigError(
    [
      {
        path: "data.preprocess",
        message: `the examples differ in length: ${origin(0)} has ${first} ${unit}, ${origin(other)} has ${kept[other]}`,
      },
    ],
    { hint: `Add ${suggestion(kept)}.` },
  );
}

/** What a reader says of one example that does not come out at the model's length. */
export function tooLong(what: string, length: number): DataError {
  return new DataError(`${what}, and data.preprocess pads to ${length}`, {
    hint: `Add { "op": "truncate", "length": ${length} } before pad, or pad to a greater length.`,
  });
}

/** A length that nine in ten examples keep within. */
function suggestion(lengths: Int32Array): string {
  const sorted = lengths.slice().sort();
  const length = Math.max(1, sorted[Math.floor(0.9 * (sorted.length - 1))] as number);
  return `{ "op": "truncate", "length": ${length} }, { "op": "pad", "length": ${length} } to data.preprocess`;
}
