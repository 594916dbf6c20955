import { currentNativeBackend } from "../../runtime/load-native";
import type { NativeBackend } from "../../runtime/native-backend";
import type { Precision } from "../../runtime/precision";
import { tf } from "../../runtime/tf";
import type { HostTensor } from "../../shared/host-tensor";
import type { Engine, StepPosition, TrainingProgram } from "../engine";
import { requireWeights } from "../require-weights";
import { checkSlots, slotNames } from "../slot-names";
import { splitStatistics } from "../step-tensors";
import { unweighted } from "../training-step";
import { addEvaluation, addTrainingStep, scalarNames } from "./add-step";
import type { BatchSizes } from "./batch-constant";
import { GraphBuilder } from "./graph-builder";
import { type GraphSession, openGraphSession } from "./graph-session";
import { GraphVariables } from "./graph-variables";
import { LossScaler, lossScaleSlot } from "./loss-scaler";
import { optimizeRecording } from "./optimize-recording";
import { NotRecordableError } from "./record";
import { namedWeights, recordEvaluation, recorded, recordTrainingStep, scalesLoss } from "./record-step";
import type { Recording } from "./recording";

/** Sizes at which steps are recorded: small, and without a common factor, so that a multiple of one is none of the other. */
const sizes: BatchSizes = [3, 5];

/**
 * An engine that runs a whole step as one TensorFlow graph. Weights and slots live in its session; the model has the
 * present weights after `syncModel`. Throws NotRecordableError when the step can't be recorded, with the reason.
 */
export function createGraphEngine(program: TrainingProgram): Engine {
  requireWeights(program);
  const backend = currentNativeBackend();
  if (!backend) throw new NotRecordableError("it needs libtensorflow");
  const { session, variables, train, evaluate } = compile(backend, program);
  const weights = namedWeights(program.model);
  const names = weights.map(({ name }) => recorded.weight(name));
  const slots = slotNames(program.optimizer, program.model.trainableWeights);
  const scalars = scalarNames(program);
  const modelValues = () =>
    new Map(weights.map(({ weight }, index) => [names[index] as string, valuesOf(weight.read())]));
  const setAll = (values: ReadonlyMap<string, Float32Array>) =>
    variables.setAll(session, (name) => values.get(name) as Float32Array);
  const slotEntries = () => {
    const values = variables.get(
      session,
      slots.map(({ name, slot }) => recorded.slot(name, slot)),
    );
    return slots.map(({ key }, index) => [key, values[index] as HostTensor<Float32Array>] as const);
  };
  const scaler = scalesLoss(program) ? new LossScaler() : undefined;
  const run = (fed: Record<string, HostTensor>, result: string) => (session.run(fed, [result])[0] as HostTensor).data;
  setAll(
    new Map([
      ...modelValues(),
      ...slots.map(
        ({ name, slot, size, first }) => [recorded.slot(name, slot), new Float32Array(size).fill(first)] as const,
      ),
    ]),
  );
  const engine: Engine = {
    kind: "graph",
    get lossScale() {
      return scaler;
    },
    trainStep: (batch, { step, learningRate }: StepPosition) => {
      // The optimizer counts its updates, of which a skipped step has made none.
      const updates = step + 1 - (scaler?.skippedSteps ?? 0);
      const values = program.optimizer.scalars({ learningRate, step: updates });
      const statistics = run(
        {
          [train.inputs]: batch.inputs,
          [train.targets]: batch.targets,
          [train.step]: { data: Int32Array.of(step), shape: [] },
          [train.scalars]: {
            data: Float32Array.from(scalars, (name) => values[name] as number),
            shape: [scalars.length],
          },
          ...(scaler && { [train.lossScale]: { data: Float32Array.of(scaler.scale), shape: [] } }),
        },
        train.result,
      );
      scaler?.endStep(statistics.at(-1) === 1);
      return splitStatistics(program, batch.count, statistics);
    },
    evaluateStep: (batch) =>
      splitStatistics(
        unweighted(program),
        batch.count,
        run({ [evaluate.inputs]: batch.inputs, [evaluate.targets]: batch.targets }, evaluate.result),
      ),
    syncModel: () => {
      const values = variables.get(session, names);
      weights.forEach(({ weight, shape }, index) => {
        const value = tf.tensor((values[index] as HostTensor<Float32Array>).data, [...shape]);
        (weight.read() as tf.Variable).assign(value);
        value.dispose();
      });
    },
    adoptModelWeights: () => setAll(new Map([...modelValues(), ...slotVariables(slotEntries())])),
    readSlots: () =>
      Object.fromEntries([...slotEntries(), ...(scaler ? [[lossScaleSlot, scaler.state] as const] : [])]),
    restoreSlots: (saved) => {
      checkSlots(slots, saved);
      engine.syncModel();
      setAll(new Map([...modelValues(), ...slotVariables(Object.entries(saved))]));
      const scale = saved[lossScaleSlot];
      if (scale) scaler?.restore(scale);
    },
    dispose: () => session.close(),
  };
  return engine;

  function slotVariables(entries: readonly (readonly [string, HostTensor<Float32Array>])[]): [string, Float32Array][] {
    const byKey = new Map(entries);
    return slots.map(({ key, name, slot }) => [recorded.slot(name, slot), byKey.get(key)?.data as Float32Array]);
  }
}

const valuesOf = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;

function compile(backend: NativeBackend, program: TrainingProgram) {
  const weights = namedWeights(program.model);
  const graph = new GraphBuilder();
  const variables = new GraphVariables(graph);
  for (const { name, shape } of weights) variables.add(recorded.weight(name), shape);
  for (const { name, slot, shape } of slotNames(program.optimizer, program.model.trainableWeights))
    variables.add(recorded.slot(name, slot), shape);
  variables.finish();
  const to = { graph, variables, binding: backend.binding, program, weights };
  const [a, b] = sizes;
  const optimized = (recording: Recording, precision?: Precision) =>
    optimizeRecording(recording, backend.binding, precision);
  const training = [
    optimized(recordTrainingStep(backend, program, weights, a), program.precision),
    optimized(recordTrainingStep(backend, program, weights, b), program.precision),
  ] as const;
  // What is evaluated is the model as it will predict, which it does in float32.
  const evaluation = [
    optimized(recordEvaluation(backend, program, weights, a)),
    optimized(recordEvaluation(backend, program, weights, b)),
  ] as const;
  const train = addTrainingStep(to, training, sizes);
  const evaluate = addEvaluation(to, evaluation, sizes);
  const session: GraphSession = openGraphSession(backend, graph);
  return { session, variables, train, evaluate };
}
