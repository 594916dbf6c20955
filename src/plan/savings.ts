import { isHalf } from "../runtime/precision";
import type { Machine } from "./machine";
import { bytesPerNumber, trainingMemory } from "./memory";
import type { StepLayer } from "./needed-passes";
import { memoryRequest, type PlanRequest } from "./plan-request";
import { stepTime } from "./step-time";

/** One way to need less. */
export interface Saving {
  /** For people: the end of "with ...". */
  readonly change: string;
  /** Share of the time of an example that is left; null where it can't be told. */
  readonly time: number | null;
  /** Share of the bytes on the device that is left: of training, or where it says so of predicting. */
  readonly memory: number | null;
  /** Whether dlctl can do it today. */
  readonly isSupported: boolean;
}

/** A run as it is or as it could be. */
export interface Variant {
  readonly request: PlanRequest;
  readonly layers: readonly StepLayer[];
}

/** What would make training or predicting cheaper on `machine`, and by how much. `smallerImages`: the same model for images of half the size. */
export function findSavings(run: Variant, smallerImages: Variant | undefined, machine: Machine): Saving[] {
  const now = costOf(run, machine);
  const compare = (change: string, variant: Variant): Saving => {
    const then = costOf(variant, machine);
    return { change, time: then.seconds / now.seconds, memory: then.bytes / now.bytes, isSupported: true };
  };
  const { batchSize, slotCount } = run.request;
  const half = Math.floor(batchSize / 2);
  return [
    ...(half > 0 ? [compare(`batches of ${half}`, altered(run, { batchSize: half }))] : []),
    compare(`batches of ${2 * batchSize}`, altered(run, { batchSize: 2 * batchSize })),
    ...(smallerImages ? [compare("images of half the height and width", smallerImages)] : []),
    ...(slotCount > 0 ? [compare("sgd without momentum", altered(run, { slotCount: 0 }))] : []),
    ...(isHalf(run.request.precision)
      ? []
      : [
          {
            change: "16-bit activations and products (train.precision)",
            time: machine.halfPrecision ? costOf(run, machine.halfPrecision).seconds / now.seconds : null,
            memory: costOf(altered(run, { precision: "bfloat16" }), machine).bytes / now.bytes,
            isSupported: true,
          },
        ]),
    {
      change: `8-bit weights in prediction`,
      time: null,
      memory: 1 / bytesPerNumber,
      isSupported: false,
    },
  ];
}

const altered = ({ request, layers }: Variant, changed: Partial<PlanRequest>): Variant => ({
  request: { ...request, ...changed },
  layers,
});

/** Of a training step: seconds for each example, and bytes. */
function costOf({ request, layers }: Variant, machine: Machine): { readonly seconds: number; readonly bytes: number } {
  const { batchSize, description, slotCount, variables } = request;
  const { trainableParameters } = description;
  const { train } = stepTime(
    machine,
    { layers, trainableParameters, variables, slotCount, input: request.input },
    batchSize,
  );
  return { seconds: train / batchSize, bytes: trainingMemory(memoryRequest(request, layers), batchSize).total };
}
