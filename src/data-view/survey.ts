import type { ExampleInputs, SplitName, Task } from "../data/example-set";
import type { Spread } from "./spread";

/** What is in a run's data: how much, how large, how far spread, and what is suspicious. */
export interface Survey {
  readonly task: Task;
  readonly kind: ExampleInputs["kind"];
  /** Of one example as the model takes it. */
  readonly shape: readonly (number | null)[];
  readonly examples: Readonly<Record<SplitName, number>>;
  /** How many of each class a split has, in the model's order. */
  readonly classes?: readonly ({ readonly label: string } & Readonly<Record<SplitName, number>>)[];
  /** Of the training examples: sizes, lengths, values. */
  readonly spreads: readonly NamedSpread[];
  readonly copies?: {
    /** Examples that have the content of an earlier one. */
    readonly examples: number;
    /** Of them, those in another split than an earlier one. */
    readonly acrossSplits: number;
    /** Groups whose targets differ. */
    readonly contradictory: number;
    /** The largest groups, by what a person calls the examples. */
    readonly groups: readonly { readonly splits: readonly SplitName[]; readonly origins: readonly string[] }[];
  };
  /** Images that are nearly the same without being copies, of those that were decoded. */
  readonly lookAlikes?: { readonly pairs: number; readonly first: readonly (readonly [string, string])[] };
  /** Examples whose size or length is far from all others. */
  readonly outliers: readonly { readonly origin: string; readonly what: string; readonly value: number }[];
  /** How many images were decoded for sizes, values and look-alikes. */
  readonly decoded?: number;
  /** What preprocessing found, in sentences. */
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
}

export interface NamedSpread extends Spread {
  /** "width", "length in tokens", a feature's name. */
  readonly name: string;
  readonly missing: number;
}
