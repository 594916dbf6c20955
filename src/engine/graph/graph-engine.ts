import type { HostBatch } from "../../data/batches/host-batch";
import { currentNativeBackend } from "../../runtime/load-native";
import type { NativeBackend } from "../../runtime/native-backend";
import { tf } from "../../runtime/tf";
import type { HostTensor } from "../../shared/host-tensor";
import type { Engine, StepPosition, StepStatistics, TrainingProgram } from "../engine";
import { requireWeights } from "../require-weights";
import { checkSlots, slotNames } from "../slot-names";
import { splitStatistics } from "../step-tensors";
import { unweighted } from "../training-step";
import { addEvaluation, addTrainingStep, scalarNames } from "./add-step";
import type { BatchSizes } from "./batch-constant";
import { GraphBuilder } from "./graph-builder";
import { type GraphSession, openGraphSession } from "./graph-session";
import { GraphVariables } from "./graph-variables";
import { optimizeRecording } from "./optimize-recording";
import { NotRecordableError } from "./record";
import { namedWeights, recordEvaluation, recorded, recordTrainingStep } from "./record-step";
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
  const run = (
    of: TrainingProgram,
    batch: HostBatch,
    fed: Record<string, HostTensor>,
    result: string,
  ): StepStatistics => {
    const [statistics] = session.run(fed, [result]);
    return splitStatistics(of, batch.count, (statistics as HostTensor).data);
  };
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
    trainStep: (batch, { step, learningRate }: StepPosition) => {
      const values = program.optimizer.scalars({ learningRate, step: step + 1 });
      return run(
        program,
        batch,
        {
          [train.inputs]: batch.inputs,
          [train.targets]: batch.targets,
          [train.step]: { data: Int32Array.of(step), shape: [] },
          [train.scalars]: {
            data: Float32Array.from(scalars, (name) => values[name] as number),
            shape: [scalars.length],
          },
        },
        train.result,
      );
    },
    evaluateStep: (batch) =>
      run(
        unweighted(program),
        batch,
        { [evaluate.inputs]: batch.inputs, [evaluate.targets]: batch.targets },
        evaluate.result,
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
    readSlots: () => Object.fromEntries(slotEntries()),
    restoreSlots: (saved) => {
      checkSlots(slots, saved);
      engine.syncModel();
      setAll(new Map([...modelValues(), ...slotVariables(Object.entries(saved))]));
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
  const optimized = (recording: Recording) => optimizeRecording(recording, backend.binding);
  const training = [
    optimized(recordTrainingStep(backend, program, weights, a)),
    optimized(recordTrainingStep(backend, program, weights, b)),
  ] as const;
  const evaluation = [
    optimized(recordEvaluation(backend, program, weights, a)),
    optimized(recordEvaluation(backend, program, weights, b)),
  ] as const;
  const train = addTrainingStep(to, training, sizes);
  const evaluate = addEvaluation(to, evaluation, sizes);
  const session: GraphSession = openGraphSession(backend, graph);
  return { session, variables, train, evaluate };
}
