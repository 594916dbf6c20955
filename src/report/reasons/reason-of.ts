import type { Preprocessing } from "../../data/preprocess/preprocessing";
import { paddingValue } from "../../data/series/padding-value";
import { markedPieces, stepWeights } from "../../explain/draw/draw-explanation";
import { overlayOf } from "../../explain/draw/picture-of";
import type { Explanation } from "../../explain/explanation";
import { tokenSeparator } from "../../explain/place-names";
import type { HostTensor } from "../../shared/host-tensor";
import { type PictureBudget, pictureSize } from "../picture-budget";
import { placeOfMost } from "./place-of-most";
import type { PieceMap, Reason, StepMap } from "./reason";
import { strongestPieces } from "./strongest-pieces";

const mostPieces = 150;
/** Single characters say less. */
const mostCharacters = 500;
const mostChannels = 6;
const mostSteps = 160;

interface ReasonRequest {
  readonly explanation: Explanation;
  readonly preprocessing: Pick<Preprocessing, "record" | "tokenizer">;
  /** What was explained, `[1, ...]`. */
  readonly input: HostTensor;
  /** Whether a number was said, not a class. */
  readonly isValue: boolean;
}

/** An explanation as a report shows it. Undefined where it says nothing: numbers of a table, no room for pictures, no finite numbers. */
export async function reasonOf(request: ReasonRequest, budget: PictureBudget): Promise<Reason | undefined> {
  const { explanation, isValue } = request;
  const { map: heat, method, output, layer } = explanation;
  if (!heat.values.every(Number.isFinite)) return undefined;
  const map = await mapOf(request, budget);
  return map && { output: output.name, method, layer, isSigned: heat.isSigned, isValue, map };
}

async function mapOf(request: ReasonRequest, budget: PictureBudget): Promise<Reason["map"] | undefined> {
  switch (request.preprocessing.record.kind) {
    case "image": {
      const uri = await budget.add(overlay(request));
      return uri === undefined ? undefined : { kind: "picture", uri, most: placeOfMost(request.explanation.map) };
    }
    case "text":
      return piecesOf(request);
    case "series":
    case "window":
      return stepsOf(request, request.preprocessing.record.channels);
    default:
      return undefined;
  }
}

function overlay({ explanation, input }: ReasonRequest) {
  const [, height = 1, width = 1, channels = 1] = input.shape;
  const pixels = { data: input.data as Uint8Array, width, height, channels: channels as 1 | 3 };
  return overlayOf(pixels, explanation.map, pictureSize);
}

function piecesOf(request: ReasonRequest): PieceMap {
  const { tokenizer } = request.preprocessing;
  const pieces = markedPieces(request);
  const shown = pieces.slice(0, tokenizer?.unit === "character" ? mostCharacters : mostPieces);
  return {
    kind: "pieces",
    pieces: shown.map(({ text, weight }) => ({ text, weight })),
    separator: tokenSeparator(request.preprocessing),
    isCut: shown.length < pieces.length,
    strongest: strongestPieces(pieces),
  };
}

function stepsOf({ explanation, input }: ReasonRequest, channels: readonly string[]): StepMap {
  const steps = input.shape[1] ?? 1;
  const width = channels.length;
  const weights = stepWeights(explanation, steps);
  const isPadding = (step: number) =>
    channels.every((_, channel) => input.data[step * width + channel] === paddingValue);
  let filled = steps;
  while (filled > 1 && isPadding(filled - 1)) filled--;
  const every = Math.max(1, Math.ceil(filled / mostSteps));
  const names = channels.slice(0, mostChannels);
  const at = Array.from({ length: Math.ceil(filled / every) }, (_, index) => index * every);
  return {
    kind: "steps",
    names,
    channels: width,
    values: names.map((_, channel) => at.map((step) => known(input.data[step * width + channel]))),
    weights: at.map((step) => strongestOf(weights.slice(step, step + every))),
    strongest: strongestPieces(weights.map((weight, step) => ({ text: `step ${step + 1}`, weight }))),
  };
}

const known = (value: number | undefined) => (value === undefined || value === paddingValue ? null : value);

const strongestOf = (weights: readonly number[]) =>
  weights.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0);
