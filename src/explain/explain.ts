import type { ModelDescription } from "../checkpoint/model-description";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { paddingValue } from "../data/series/padding-value";
import { paddingId } from "../data/text/tokenizer-record";
import { applyModel } from "../engine/apply-model";
import { predictBatch } from "../engine/predict-batch";
import { uploadTensor } from "../engine/upload-tensor";
import { tf } from "../runtime/tf";
import { UsageError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import { chooseLayer, lastConvolution } from "./choose-layer";
import { chooseOutput } from "./choose-output";
import type { ExplainMethod, Explanation } from "./explanation";
import { findPatches } from "./find-patches";
import { gradCam } from "./grad-cam";
import { integratedGradients } from "./integrated-gradients";
import { meanOfCovers, occlude } from "./occlusion";
import { type Place, placeOf } from "./place";
import { reduceMap } from "./reduce-map";
import { coveredRegions } from "./regions";
import { rollOut, sharesFrom } from "./roll-out-attention";
import { inputGradient } from "./saliency";
import { attendingLayers, watchAttention } from "./watch-attention";

export interface ExplainRequest {
  readonly model: tf.LayersModel;
  readonly preprocessing: Pick<Preprocessing, "record" | "deviceStage">;
  readonly description: Pick<ModelDescription, "labels" | "targets">;
  /** One example as preprocessing gives it, `[1, ...]`. */
  readonly input: HostTensor;
  /** Undefined: Grad-CAM for images where there is a convolution, else integrated gradients. */
  readonly method?: ExplainMethod | undefined;
  /** The class or value to explain; undefined: the class that is predicted, or the first value. */
  readonly output?: string | undefined;
  /** Of models that say something of each step: which one. */
  readonly step?: number | undefined;
  /** For Grad-CAM. */
  readonly layer?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Why a model says what it says of one input: which of its pixels, tokens, steps or features the output hangs on. On the running
 * device; leaves no tensor. Throws UsageError where the method can't be used on the model, or there is no such output or layer.
 */
export function explain(request: ExplainRequest): Explanation {
  const { model, preprocessing, description, input, layer } = request;
  const method = request.method ?? defaultMethod(request);
  if (layer !== undefined && method !== "grad-cam") {
    throw new UsageError(`--layer is for grad-cam, and the method is ${method}`, { hint: "Leave it out." });
  }
  const outputs = predictBatch(model, preprocessing.deviceStage, input);
  const { output, value } = chooseOutput({ ...description, outputs, wanted: request.output, step: request.step });
  if (method === "attention") return { method, output, score: value, value, ...explainByAttention(request) };
  const place = placeOf({ model, deviceStage: preprocessing.deviceStage, input, output });
  if (!place) {
    throw new UsageError(
      "The model's tokens go into something else than one embedding, so that they can't be explained",
      {
        hint: "Take --method attention if the model has attention.",
      },
    );
  }
  try {
    const [score = 0] = tf.tidy(() => place.scores(place.value).dataSync());
    return { method, output, score, value, ...explainAt(place, method, request) };
  } finally {
    place.dispose();
  }
}

function defaultMethod({ model, preprocessing: { record } }: ExplainRequest): ExplainMethod {
  const last = record.kind === "image" ? lastConvolution(model) : undefined;
  // A convolution that cuts an image into patches, with attention behind it, says nothing of what comes of them.
  return last && attendingLayers(model).length === 0 ? "grad-cam" : "integrated-gradients";
}

type Found = Pick<Explanation, "map" | "byChannel" | "layer" | "completeness" | "attention" | "patches">;

function explainAt(place: Place, method: Exclude<ExplainMethod, "attention">, request: ExplainRequest): Found {
  const { model, input, signal } = request;
  const shape = place.value.shape.slice(1);
  const kind = kindOf(request);
  switch (method) {
    case "grad-cam": {
      const layer = chooseLayer(model, request.layer);
      return { map: gradCam(place, layer), layer: layer.name };
    }
    case "integrated-gradients": {
      const { values, completeness } = integratedGradients(place, signal);
      return {
        map: reduceMap(values, shape, "sum"),
        completeness,
        ...(kind === "steps" ? { byChannel: values } : {}),
      };
    }
    case "saliency": {
      const gradient = inputGradient(place);
      const isOfVectors = kind === "tokens" || kind === "steps";
      return { map: reduceMap(gradient, shape, isOfVectors ? "norm" : "largest") };
    }
    case "occlusion": {
      const regions = coveredRegions(kind, shape, soundPositions(input));
      const drops = occlude(place, regions, signal);
      const values = meanOfCovers(place.value.size, regions, drops);
      // All channels of a place are covered together, so that they have the same number.
      const width = kind === "features" ? 1 : (shape.at(-1) ?? 1);
      const places = values.filter((_, index) => index % width === 0);
      return { map: { values: places, shape: kind === "features" ? shape : shape.slice(0, -1), isSigned: true } };
    }
  }
}

function kindOf({ preprocessing: { record } }: ExplainRequest): "image" | "steps" | "tokens" | "features" {
  switch (record.kind) {
    case "image":
      return "image";
    case "vector":
      return "features";
    case "text":
    case "tokens":
      return "tokens";
    case "series":
    case "window":
      return "steps";
  }
}

function explainByAttention(request: ExplainRequest): Found {
  const { model, preprocessing, input, step } = request;
  const layers = watchAttention(model, () =>
    tf.tidy(() => void applyModel(model, preprocessing.deviceStage(uploadTensor(input)), false)),
  );
  const size = layers[0]?.shape[2] ?? 0;
  if (size === 0 || layers.some(({ shape }) => shape[2] !== size)) {
    throw new UsageError("The model has no attention to its own input that could be shown", {
      hint: "Take --method integrated-gradients.",
    });
  }
  const queries = queriesOf(model, input, size, step);
  const values = rollOut(layers, queries);
  const attention = layers.map((layer) => sharesFrom(layer, queries));
  if (preprocessing.record.kind === "image") {
    const patches = findPatches(model, size);
    if (!patches) {
      throw new UsageError(`The model attends to ${size} steps, and it can't be told where in the image they are`, {
        hint: "Take --method integrated-gradients.",
      });
    }
    const { rows, columns, added } = patches;
    return {
      map: { values: values.slice(added), shape: [rows, columns], isSigned: false },
      attention,
      patches,
    };
  }
  // Without steps that were put before those of the input, as a class token.
  const added = Math.max(0, size - (input.shape[1] ?? size));
  return { map: { values: values.slice(added), shape: [size - added], isSigned: false }, attention };
}

/** The steps that the answer is read from: the one that a takeStep takes, or that is asked for; else all that are no padding. */
function queriesOf(model: tf.LayersModel, input: HostTensor, size: number, step: number | undefined): number[] {
  if (step !== undefined) return [step];
  const added = size - (input.shape[1] ?? size);
  // Steps that were put before the others, as a class token, count too; those of an image are all sound.
  const isOfSteps = input.shape.length < 4 && added >= 0;
  const sound = isOfSteps
    ? [...Array(added).keys(), ...soundPositions(input).map((position) => position + added)]
    : [...Array(size).keys()];
  const taking = model.layers.find((layer) => layer.getClassName() === "DlctlTakeStep");
  const taken = taking && (taking.getConfig() as { readonly step?: string }).step;
  if (taken === undefined) return sound;
  return [(taken === "first" ? sound[0] : sound.at(-1)) ?? 0];
}

/** Positions of the tokens or steps that are no padding. */
function soundPositions({ data, shape }: HostTensor): number[] {
  const steps = shape[1] ?? 1;
  const width = data.length / steps;
  const isPadding = (position: number) => {
    if (data instanceof Int32Array) return data[position] === paddingId;
    return data instanceof Float32Array && data[position * width] === paddingValue;
  };
  return [...Array(steps).keys()].filter((position) => !isPadding(position));
}
