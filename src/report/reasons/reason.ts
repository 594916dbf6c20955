import type { Explanation } from "../../explain/explanation";

/** What one answer of a model hung on, ready to be shown. */
export interface Reason {
  /** "sandal": the class or value that was explained. */
  readonly output: string;
  readonly method: Explanation["method"];
  /** Of Grad-CAM. */
  readonly layer?: string | undefined;
  /** Whether it speaks for and against, or only for. */
  readonly isSigned: boolean;
  /** Not a class was said but a number: what speaks for it raises it, what speaks against it lowers it. */
  readonly isValue: boolean;
  readonly map: PictureMap | PieceMap | StepMap;
}

export interface PictureMap {
  readonly kind: "picture";
  /** A data URI: the map over the image as the model takes it. */
  readonly uri: string;
  /** "in the upper left"; undefined where nothing speaks for the output. */
  readonly most: string | undefined;
}

/** A text as the model takes it. */
export interface PieceMap {
  readonly kind: "pieces";
  /** `weight` is -1 to 1. */
  readonly pieces: readonly { readonly text: string; readonly weight: number }[];
  readonly separator: string;
  /** Whether there are more. */
  readonly isCut: boolean;
  /** The pieces that speak most for the output and most against it, most first, of the whole text. */
  readonly strongest: { readonly for: readonly string[]; readonly against: readonly string[] };
}

/** A series as the model takes it, without the padding behind it. */
export interface StepMap {
  readonly kind: "steps";
  readonly names: readonly string[];
  /** Of all, of which the first are shown. */
  readonly channels: number;
  /** `[channel][step]`, of a long series every second, third, ... step; null where there is padding. */
  readonly values: readonly (readonly (number | null)[])[];
  /** -1 to 1 for each step that is shown: the strongest of those that it stands for. */
  readonly weights: readonly number[];
  /** "step 12": as of pieces. */
  readonly strongest: PieceMap["strongest"];
}

/** Why a model was wrong: of some of its worst mistakes what each hung on. */
export interface Reasons {
  /** In the order of the mistakes; undefined where there is nothing to show. */
  readonly list: readonly (Reason | undefined)[];
  /** How many were not looked at, for lack of time. */
  readonly left: number;
  /** Why there are none, in a sentence, where that is no fault of the model's kind. */
  readonly problem?: string | undefined;
}
