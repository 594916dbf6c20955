import { tf } from "../runtime/tf";
import { checkOutputs, checkTopology } from "./check-topology";
import { customLayers } from "./custom-layers/custom-layers";
import { equipLayer } from "./equip-layer";
import { layerSeed } from "./layer-seed";
import { maskState } from "./mask-state";
import { withWeightBudget } from "./weight-budget";

/** A model as TensorFlow.js stores it: what model.json and weights.bin hold. */
export interface ModelArtifacts {
  readonly modelTopology: object;
  readonly weightSpecs: tf.io.WeightsManifestEntry[];
  /** The weights in the order of `weightSpecs`, one after the other. */
  readonly weightData: ArrayBuffer;
}

/** The topology (layers of TensorFlow.js, and dlctl's own, whose class names begin with Dlctl) and a copy of the present weights. */
export async function modelToArtifacts(model: tf.LayersModel): Promise<ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
  const { modelTopology, weightSpecs, weightData } = artifacts as tf.io.ModelArtifacts;
  return {
    modelTopology: modelTopology as object,
    weightSpecs: weightSpecs ?? [],
    weightData: tf.io.CompositeArrayBuffer.join(weightData),
  };
}

/**
 * The model that `artifacts` hold, ready to predict and to train on; the caller disposes it. `seed` decides what its dropout and noise
 * draw. Executes nothing that is in `artifacts`, and takes no more memory for weights than they hold. Throws RangeError for what is
 * made to do harm, and what tfjs throws when topology and weights don't fit together.
 */
export async function modelFromArtifacts(artifacts: ModelArtifacts, { seed = 0 } = {}): Promise<tf.LayersModel> {
  customLayers();
  checkTopology(artifacts.modelTopology);
  const weights = artifacts.weightSpecs.reduce((sum, { shape }) => sum + elements(shape), 0);
  const model = await withWeightBudget(weights, () => tf.loadLayersModel(tf.io.fromMemory({ ...artifacts })));
  try {
    checkOutputs(model);
  } catch (error) {
    model.dispose();
    throw error;
  }
  for (const layer of model.layers) {
    const input = layer.inboundNodes[0]?.inputTensors[0];
    equipLayer(layer, layerSeed(seed, layer.name), input !== undefined && maskState(input).isMasked);
  }
  restoreExactly(model, artifacts);
  return model;
}

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** tfjs applies constraints to what it loads; a model that is saved and loaded must have the same weights to the last bit. */
function restoreExactly(model: tf.LayersModel, { weightSpecs, weightData }: ModelArtifacts): void {
  const constrained = model.weights.filter((weight) => weight.constraint);
  if (constrained.length === 0) return;
  tf.tidy(() => {
    const saved = tf.io.decodeWeights(weightData, weightSpecs);
    for (const weight of constrained) (weight.read() as tf.Variable).assign(saved[weight.originalName] as tf.Tensor);
  });
}
