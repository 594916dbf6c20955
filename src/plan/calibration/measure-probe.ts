import type { HostBatch } from "../../data/batches/host-batch";
import { createEngine } from "../../engine/create-engine";
import type { Engine } from "../../engine/engine";
import { buildModel } from "../../model/build-model";
import { costLayers } from "../../model/costs/cost-layers";
import { sizeOf } from "../../model/costs/operation";
import { describeModel } from "../../model/describe-model";
import { type LayerConfig, layerSchema } from "../../model/layer-config";
import { bindLoss, lossSchema } from "../../objectives/loss-config";
import { bindOptimizer, optimizerSchema } from "../../optimization/optimizer-config";
import { bytesPerNumber } from "../memory";
import { neededPasses } from "../needed-passes";
import { updateBytes } from "../step-time";
import { type Amounts, addAmounts, workAmounts } from "./features";
import type { Probe } from "./probes";

/** A probe that is ready to be timed. */
export interface ReadyProbe {
  readonly name: string;
  readonly train: Amounts;
  readonly predict: Amounts;
  /** Seconds of one training step, and of one evaluation. */
  time(): { readonly train: number; readonly predict: number };
  dispose(): void;
}

/** Builds and compiles the probe on the running device, as training does. */
export function prepareProbe(probe: Probe): ReadyProbe {
  const layers = probe.layers.map((layer) => layerSchema.parse(layer));
  const dtype = probe.tokens === undefined ? "float32" : "int32";
  const model = buildModel({ layers, input: { shape: [...probe.input], dtype }, seed: 1 });
  const optimizer = bindOptimizer(optimizerSchema.parse("adam"));
  const amounts = amountsOf(layers, describeModel(model), {
    batch: probe.batch,
    inputNumbers: sizeOf(probe.input),
    variables: model.trainableWeights.length,
    slotCount: Object.keys(optimizer.slots).length,
  });
  const { engine } = createEngine(
    {
      model,
      inputDtype: dtype,
      deviceStage: (inputs) => inputs.clone(),
      augmentation: undefined,
      loss: bindLoss(lossSchema.parse("meanSquaredError"), "values"),
      metrics: [],
      optimizer,
      clipping: undefined,
      classWeights: undefined,
      classes: undefined,
      seed: 1,
    },
    "auto",
  );
  const batch = batchFor(probe, model.outputs[0]?.shape.at(-1) ?? 1);
  let step = 0;
  const time = () => ({
    train: secondsOf(() => engine.trainStep(batch, { step: step++, learningRate: 1e-6 })),
    predict: secondsOf(() => engine.evaluateStep(batch)),
  });
  // The first steps compile kernels and allocate.
  time();
  time();
  return { name: probe.name, ...amounts, time, dispose: () => dispose(engine, model) };
}

function dispose(engine: Engine, model: { dispose(): unknown }): void {
  engine.dispose();
  model.dispose();
}

function secondsOf(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

interface AmountsRequest {
  readonly batch: number;
  readonly inputNumbers: number;
  readonly variables: number;
  readonly slotCount: number;
}

function amountsOf(
  configs: readonly LayerConfig[],
  { layers, trainableParameters }: ReturnType<typeof describeModel>,
  { batch, inputNumbers, variables, slotCount }: AmountsRequest,
): { readonly train: Amounts; readonly predict: Amounts } {
  const steps = neededPasses(costLayers(configs, layers)).flatMap((layer) => layer.steps);
  const forward = steps.map(({ operation, forward }) => workAmounts(operation.kind, "forward", forward, batch));
  const backward = steps.map(({ operation, backward }) => workAmounts(operation.kind, "backward", backward, batch));
  const feed = { feed: bytesPerNumber * batch * inputNumbers };
  const update = { launch: variables, update: updateBytes({ trainableParameters, slotCount }) };
  return {
    train: addAmounts([{ trainStep: 1 }, feed, ...forward, ...backward, update]),
    predict: addAmounts([{ predictStep: 1 }, feed, ...forward]),
  };
}

function batchFor({ input, tokens, batch }: Probe, width: number): HostBatch {
  const size = batch * sizeOf(input);
  const wave = (index: number) => Math.sin(index * 0.37);
  const data =
    tokens === undefined
      ? Float32Array.from({ length: size }, (_, index) => wave(index))
      : Int32Array.from({ length: size }, (_, index) => (index * 7919) % tokens);
  return {
    inputs: { data, shape: [batch, ...input] },
    targets: { data: Float32Array.from({ length: batch * width }, (_, index) => wave(index)), shape: [batch, width] },
    examples: Int32Array.from({ length: batch }, (_, index) => index),
    count: batch,
  };
}
