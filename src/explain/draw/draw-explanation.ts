import type { Preprocessing } from "../../data/preprocess/preprocessing";
import { paddingValue } from "../../data/series/padding-value";
import type { HostTensor } from "../../shared/host-tensor";
import type { Explanation } from "../explanation";
import { placeNames, tokenSeparator } from "../place-names";
import { heatScale } from "./heat-colour";
import { type MarkedPiece, markedPage } from "./marked-page";
import { pictureOf } from "./picture-of";
import { seriesDrawing } from "./series-drawing";

export interface DrawRequest {
  readonly explanation: Explanation;
  readonly preprocessing: Pick<Preprocessing, "record" | "tokenizer">;
  /** What was explained, `[1, ...]`. */
  readonly input: HostTensor;
  /** What a person calls it. */
  readonly title: string;
  /** What was explained, in a sentence. */
  readonly sentence: string;
}

/** The ending of what `drawExplanation` makes. */
export function drawingEnding({ record }: Pick<Preprocessing, "record">): "png" | "svg" | "html" {
  if (record.kind === "image") return "png";
  return record.kind === "series" || record.kind === "window" ? "svg" : "html";
}

/** A file for people: of an image a PNG, of a series an SVG, of texts and features a page of HTML. */
export async function drawExplanation(request: DrawRequest): Promise<Uint8Array | string> {
  const { explanation, preprocessing, input, title, sentence } = request;
  const { record } = preprocessing;
  if (record.kind === "image") {
    const [, height = 1, width = 1, channels = 1] = input.shape;
    return pictureOf({ data: input.data as Uint8Array, width, height, channels: channels as 1 | 3 }, explanation);
  }
  if (record.kind === "series" || record.kind === "window") {
    const values = Float32Array.from(input.data, (value) => (value === paddingValue ? Number.NaN : value));
    return seriesDrawing({
      title: `${title}: ${sentence}`,
      names: record.channels,
      values,
      weights: stepWeights(explanation, input.shape[1] ?? 1),
    });
  }
  const separator = record.kind === "vector" ? undefined : tokenSeparator(preprocessing);
  return markedPage({ title, sentence, pieces: markedPieces(request), separator });
}

/** Names with what the map says of them, padding left out; in the input's order. */
export function markedPieces({
  explanation: { map },
  preprocessing,
  input,
}: Omit<DrawRequest, "title" | "sentence">): MarkedPiece[] {
  const names = placeNames(preprocessing, input);
  const scale = heatScale(map.values);
  return names.flatMap((text, index) => {
    const value = map.values[index] ?? 0;
    return text === "" ? [] : [{ text, value, weight: Math.max(-1, Math.min(1, value / scale)) }];
  });
}

/** Of each of the input's steps, from -1 to 1: a layer's map may have fewer of them. */
export function stepWeights({ map }: Explanation, steps: number): number[] {
  const scale = heatScale(map.values);
  const { length } = map.values;
  return Array.from({ length: steps }, (_, step) => {
    const value = map.values[Math.min(length - 1, Math.floor(((step + 0.5) * length) / steps))] ?? 0;
    return Math.max(-1, Math.min(1, value / scale));
  });
}
