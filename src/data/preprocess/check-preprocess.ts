import type { ConfigProblem } from "../../shared/errors";
import type { InputKind } from "../example-set";
import { type ImageOpConfig, imageOpFormat, isImageOp } from "../image-op-config";
import type { ImageFormat } from "../images/define-image-op";
import type { PreprocessConfig } from "./preprocess-config";

/** What may be known of the inputs before, or without, opening the data. */
export interface InputFacts {
  /** Of images before preprocessing; a size is null, and channels are left out, where they are not known. */
  readonly width?: number | null;
  readonly height?: number | null;
  readonly channels?: 1 | 3;
  /** Number of feature columns. */
  readonly features?: number;
}

/** What is wrong with `data.preprocess` for inputs of `kind`, each problem with its path; empty when nothing is. */
export function checkPreprocess(ops: PreprocessConfig, kind: InputKind, facts: InputFacts = {}): ConfigProblem[] {
  return kind === "image" ? checkForImages(ops, facts) : checkForVectors(ops, facts);
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
        message: `${op.op} is for numbers, and the inputs are images`,
        hint: "Use normalize: scale 255 brings pixels into [0, 1].",
      });
    }
  }
  const format = formatAfter(ops, { width, height, channels: channels ?? 3 });
  return "path" in format ? [...problems, format] : problems;
}

function checkForVectors(ops: PreprocessConfig, { features }: InputFacts): ConfigProblem[] {
  return ops.flatMap((op, index): ConfigProblem[] => {
    if (op.op === "normalize") {
      return features === undefined ? [] : checkLengths(op, index, [features], "feature");
    }
    if (!isImageOp(op)) return [];
    const message = `${op.op} is for images, and the inputs are numbers`;
    return [{ path: pathOf(index), message, hint: "Use standardize, minMax or normalize." }];
  });
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
