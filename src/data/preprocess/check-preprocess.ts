import type { ConfigProblem } from "../../shared/errors";
import type { InputKind } from "../example-set";
import { type ImageOpConfig, imageOpFormat, isImageOp } from "../image-op-config";
import type { ImageFormat } from "../images/define-image-op";
import { checkSequenceOps } from "./check-sequence-ops";
import { isNumericOp } from "./numeric-ops";
import type { PreprocessConfig } from "./preprocess-config";

/** What may be known of the inputs before, or without, opening the data. */
export interface InputFacts {
  /** Of images before preprocessing; a size is null, and channels are left out, where they are not known. */
  readonly width?: number | null;
  readonly height?: number | null;
  readonly channels?: 1 | 3;
  /** Number of feature columns, or of a series' channels. */
  readonly features?: number;
  /** Of texts: whether each word has a tag. */
  readonly isTokenized?: boolean;
  /** Rows of a window, tokens of a language model's; columns of a series that has one for each step. */
  readonly length?: number;
}

/** What is wrong with `data.preprocess` for inputs of `kind`, each problem with its path; empty when nothing is. */
export function checkPreprocess(ops: PreprocessConfig, kind: InputKind, facts: InputFacts = {}): ConfigProblem[] {
  if (kind === "image") return checkForImages(ops, facts);
  if (kind === "vector") return checkForVectors(ops, facts);
  const { features, isTokenized } = facts;
  const problems = checkSequenceOps(ops, kind, isTokenized);
  return [...problems, ...checkNormalizations(ops, features, kind === "series" ? "channel" : "column")];
}

/** `input` after all image ops of `ops`; the problem of the first that can't be done. */
export function formatAfter(ops: PreprocessConfig, input: ImageFormat): ImageFormat | ConfigProblem {
  let format = input;
  for (const [index, op] of ops.entries()) {
    const next = isImageOp(op) ? imageOpFormat(op, format) : format;
    if (typeof next === "string") return { path: pathOf(index), message: next };
    format = next;
  }
  return format;
}

function checkForImages(ops: PreprocessConfig, { width = null, height = null, channels }: InputFacts): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const imageOps: ImageOpConfig[] = [];
  let firstNumeric: number | undefined;
  for (const [index, op] of ops.entries()) {
    if (isImageOp(op)) {
      imageOps.push(op);
      if (firstNumeric === undefined) continue;
      problems.push({
        path: pathOf(index),
        message: `${op.op} works on pixels and can't come after ${ops[firstNumeric]?.op} (${pathOf(firstNumeric)})`,
        hint: "Put normalize last.",
      });
      continue;
    }
    firstNumeric ??= index;
    if (op.op === "normalize") {
      const format = formatAfter(imageOps, { width, height, channels: channels ?? 3 });
      // Without facts, images of an idx file may have one channel.
      const isOpen = channels === undefined && !imageOps.some(({ op }) => op === "grayscale");
      if (!("path" in format))
        problems.push(...checkLengths(op, index, isOpen ? [1, 3] : [format.channels], "channel"));
    } else {
      problems.push({
        path: pathOf(index),
        message: `${op.op} is for ${purposeOf(op)}, and the inputs are images`,
        hint: "Use normalize: scale 255 brings pixels into [0, 1].",
      });
    }
  }
  const format = formatAfter(ops, { width, height, channels: channels ?? 3 });
  return "path" in format ? [...problems, format] : problems;
}

function checkForVectors(ops: PreprocessConfig, { features }: InputFacts): ConfigProblem[] {
  const wrong = ops.flatMap((op, index): ConfigProblem[] => {
    if (isNumericOp(op)) return [];
    const message = `${op.op} is for ${purposeOf(op)}, and the inputs are numbers`;
    const hint = 'Use standardize, minMax or normalize. Columns that are the steps of a series need "layout": "steps".';
    return [{ path: pathOf(index), message, hint }];
  });
  return [...wrong, ...checkNormalizations(ops, features, "feature")];
}

/** What an op is for. */
function purposeOf(op: PreprocessConfig[number]): string {
  if (isImageOp(op)) return "images";
  if (isNumericOp(op)) return "numbers";
  return op.op === "tokenize" ? "texts" : "series and texts";
}

function checkNormalizations(ops: PreprocessConfig, count: number | undefined, unit: string): ConfigProblem[] {
  if (count === undefined) return [];
  return ops.flatMap((op, index) => (op.op === "normalize" ? checkLengths(op, index, [count], unit) : []));
}

type NormalizeOp = Extract<PreprocessConfig[number], { op: "normalize" }>;

function checkLengths(op: NormalizeOp, index: number, allowed: readonly number[], unit: string): ConfigProblem[] {
  return (["scale", "mean", "std"] as const).flatMap((key) => {
    const value = op[key];
    if (!Array.isArray(value) || allowed.includes(value.length)) return [];
    const expected = allowed.map((count) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" or ");
    return [
      {
        path: `${pathOf(index)}.${key}`,
        message: `has ${value.length} numbers for an input of ${expected}`,
        hint: `Give one number, or one for each ${unit}.`,
      },
    ];
  });
}

function pathOf(index: number): string {
  return `data.preprocess[${index}]`;
}
