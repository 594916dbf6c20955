import type { HostBatch } from "../data/batches/host-batch";
import { setRandomStep } from "../model/random-step";
import { tf } from "../runtime/tf";
import type { TrainingProgram } from "./engine";
import { differentiateStep } from "./training-step";
import { uploadTensor } from "./upload-tensor";
import { weightNames } from "./weight-names";

/** What of a step is the first that is NaN or infinite, in the order in which it is computed. */
export type NonFinite =
  /** `example`: the position in the batch. */
  | { readonly what: "input" | "target"; readonly example: number }
  | { readonly what: "output"; readonly layer: string }
  | { readonly what: "loss" }
  | { readonly what: "gradient"; readonly weight: string };

/**
 * Computes step `step` (updates before it) op by op with the model's present weights, and looks at all that is computed.
 * Undefined when all is finite. The trainable weights stay as they are; statistics of batch normalization move.
 */
export function findNonFinite(program: TrainingProgram, batch: HostBatch, step: number): NonFinite | undefined {
  for (const [what, { data, shape }] of [
    ["input", batch.inputs],
    ["target", batch.targets],
  ] as const) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return { what, example: Math.floor(at / (data.length / (shape[0] as number))) };
  }
  const { model } = program;
  const weights = model.trainableWeights;
  const names = weightNames(weights);
  setRandomStep(step);
  return tf.tidy(() => {
    const watch = watchOutputs(model);
    try {
      const device = { inputs: uploadTensor(batch.inputs), targets: uploadTensor(batch.targets) };
      const variables = weights.map((weight) => weight.read() as tf.Variable);
      // Clipping by the norm of all would spread what is bad in one gradient to all of them.
      const { gradients, statistics } = differentiateStep({ ...program, clipping: undefined }, device, variables);
      if (watch.first !== undefined) return { what: "output", layer: watch.first };
      if (!isAllFinite(statistics.slice(0, 1))) return { what: "loss" };
      // Gradients are computed from the last layer to the first.
      const bad = gradients.findLastIndex((gradient) => !isAllFinite(gradient));
      return bad < 0 ? undefined : { what: "gradient", weight: names[bad] as string };
    } finally {
      watch.stop();
    }
  });
}

interface WatchedLayer {
  readonly name: string;
  call(...args: unknown[]): tf.Tensor | tf.Tensor[];
}

/** Notes the first layer whose output is not finite, while the model is applied. */
function watchOutputs(model: tf.LayersModel): { readonly first: string | undefined; stop(): void } {
  let first: string | undefined;
  const layers = model.layers as unknown as WatchedLayer[];
  // Some layers have one of their own, others their class's.
  const own = layers.map((layer) => Object.getOwnPropertyDescriptor(layer, "call"));
  for (const layer of layers) {
    const call = layer.call.bind(layer);
    layer.call = (...args) => {
      const outputs = call(...args);
      for (const output of [outputs].flat()) if (!isAllFinite(output)) first ??= layer.name;
      return outputs;
    };
  }
  return {
    get first() {
      return first;
    },
    stop() {
      for (const [index, layer] of layers.entries()) {
        const before = own[index];
        if (before) Object.defineProperty(layer, "call", before);
        else Reflect.deleteProperty(layer, "call");
      }
    },
  };
}

function isAllFinite(tensor: tf.Tensor): boolean {
  return tf.tidy(() => tf.isFinite(tensor.toFloat()).all().dataSync()[0] === 1);
}
