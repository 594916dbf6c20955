import type { LengthRule } from "./length-op-config";

/** Truncation and padding of a model; null where there is none. */
export interface LengthRules {
  readonly truncate: LengthRule | null;
  readonly pad: LengthRule | null;
}

/** Which part of an example is kept, and how much is filled up before it. */
export interface KeptPart {
  /** Position of the first step that is kept. */
  readonly from: number;
  readonly count: number;
  readonly before: number;
}

/** What the rules make of an example of `length` steps. Longer than `pad` it stays as it is. */
export function keptPart(length: number, { truncate, pad }: LengthRules): KeptPart {
  const count = truncate ? Math.min(length, truncate.length) : length;
  return {
    from: truncate?.side === "start" ? length - count : 0,
    count,
    before: pad?.side === "start" ? Math.max(0, pad.length - count) : 0,
  };
}
