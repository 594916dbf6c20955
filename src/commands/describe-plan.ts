import type { DeviceFigures } from "../plan/plan";
import type { ConfigPlan } from "../plan/plan-config";
import { isHalf } from "../runtime/precision";
import { formatShape } from "../shared/shape";
import { formatAmount, formatBytes, formatDuration, formatShare } from "./format-figures";
import { formatTable } from "./format-table";

const count = (value: number) => value.toLocaleString("en-US");

/** What is planned, and each layer of it; what it is on `device` where there is one. */
export function describePlan(plan: ConfigPlan, device: DeviceFigures | undefined): string[] {
  const { name, request, model, assumptions } = plan;
  const rows = model.layers.map((layer, index) => {
    const on = device?.layers[index];
    return [
      layer.name,
      formatShape(layer.outputShape),
      layer.parameters,
      ...(layer.obstacle === null
        ? [
            formatAmount(layer.forwardFlops ?? 0),
            formatAmount(layer.backwardFlops ?? 0),
            formatBytes(layer.movedBytes ?? 0),
            layer.intensity === null ? "" : layer.intensity.toFixed(1),
          ]
        : ["not counted", "", "", ""]),
      ...(on ? [on.bound ?? "", layer.obstacle === null ? formatDuration(on.seconds) : ""] : []),
    ];
  });
  const head = ["layer", "output shape", "parameters", "forward", "backward", "moved", "FLOP/B"];
  return [
    `name     ${name}`,
    `batch    ${count(request.batchSize)} examples of ${formatShape([null, ...request.input.shape])} ${request.input.dtype}`,
    ...assumptions.map((text) => `assumed  ${text}`),
    "",
    ...formatTable([...head, ...(device ? ["bound by", "time"] : [])], rows),
    "",
    "forward, backward: floating-point operations for one example, a multiply-add counting two; moved: bytes in a",
    `training step of the batch; FLOP/B: operations for each of them.${device ? ` At ${device.ridge.toFixed(0)} and more, ${device.name} is kept from going faster by computing, below by its memory.` : ""}`,
  ];
}

/** Parameters, operations and memory, whatever the device. */
export function describeModelNeeds({ model, request }: ConfigPlan): string[] {
  const { training, prediction, program } = model;
  const tied = model.tiedParameters;
  const fixed = model.parameters - model.trainableParameters;
  const part = (name: string, bytes: number, of: string) => [name, formatBytes(bytes), of];
  return [
    `parameters    ${count(model.parameters)}${fixed > 0 ? `, ${count(fixed)} of them not trained` : ""}`,
    ...(tied === null
      ? []
      : [
          `              ${count(tied)} with tied embeddings (the last dense layer sharing the embedding's; dlctl has both)`,
        ]),
    `operations    ${formatAmount(model.forwardFlops)}FLOP forward (${formatAmount(model.multiplyAdds)} multiply-adds), ${formatAmount(model.backwardFlops)}FLOP backward, for one example`,
    ...model.uncounted.map((text) => `not counted   ${text}`),
    "",
    ...formatTable(
      ["memory", "", ""],
      [
        part("training", training.total, `at a batch of ${count(request.batchSize)}`),
        part(
          "  weights",
          training.weights,
          isHalf(request.precision) ? `float32, and rounded to ${request.precision}` : "float32",
        ),
        part("  gradients", training.gradients, ""),
        part("  optimizer", training.slots, `${request.slotCount} numbers for each trained weight`),
        part(
          "  activations",
          training.activations,
          `kept for the backward pass${isHalf(request.precision) ? `, in ${request.precision}` : ""}`,
        ),
        part("  workspace", training.workspace, "gradients of activations on their way, at most"),
        part(
          "prediction",
          prediction.batch.total,
          `the same batch; ${formatBytes(prediction.one.total)} for one example`,
        ),
        part("program", program.total, "beside it, in the machine's memory: copies of weights and slots, inputs, code"),
      ],
    ).filter((_, index) => index > 1),
  ];
}

/** Memory, time, batch, devices in parallel, and what is cheaper, on one device. */
export function describeDevice({ request }: ConfigPlan, device: DeviceFigures): string[] {
  const { batchSize, epochs, examples } = request;
  const peak = `${formatAmount(device.flopsPerSecond)}FLOP/s (${device.precision}), ${formatBytes(device.bytesPerSecond)}/s`;
  const fit = device.fits
    ? `fits; the largest batch is ${count(device.largestBatch)}`
    : device.largestBatch > 0
      ? `does not fit; the largest batch is ${count(device.largestBatch)}`
      : `does not fit, whatever the batch; ${count(device.devicesToHold ?? 0)} of them together have so much`;
  const time =
    device.epochSeconds === null || device.totalSeconds === null
      ? ["epoch        not known: the data is not there; --examples <number> stands in for it"]
      : [
          `epoch        ${formatDuration(device.epochSeconds)} for ${count(examples?.train ?? 0)} training and ${count(examples?.validation ?? 0)} validation examples`,
          `in all       ${formatDuration(device.totalSeconds)} for ${count(epochs)} epochs`,
        ];
  return [
    `on ${device.name}, ${device.source}`,
    `reaches      ${peak}`,
    `memory       ${formatBytes(device.trainingBytes)} of ${device.memoryBytes > 0 ? formatBytes(device.memoryBytes) : "an unknown size"}: ${fit}`,
    `step         ${formatDuration(device.stepSeconds)} for a batch of ${count(batchSize)}, ${formatAmount(device.examplesPerSecond).trimEnd()} examples/s; ${formatDuration(device.updateSeconds)} of it the update of the weights`,
    `predict      ${formatDuration(device.predictSeconds)} for such a batch`,
    ...time,
    "",
    ...formatTable(
      ["data-parallel over", "devices", "each does", "exchange"],
      device.parallel.map(({ link, devices, efficiency, exchangeSeconds }) => [
        link,
        devices,
        formatShare(efficiency),
        devices > 1 ? formatDuration(exchangeSeconds) : "",
      ]),
    ),
    "the most that each do 80 % or more of what one alone does; dlctl itself trains on one device",
    "",
    ...formatTable(
      ["cheaper with", "time per example", "memory", ""],
      device.savings.map(({ change, time, memory, isSupported }) => [
        change,
        time === null ? "" : `x ${time.toFixed(2)}`,
        memory === null ? "" : `x ${memory.toFixed(2)}`,
        isSupported ? "" : "dlctl can't yet",
      ]),
    ),
  ];
}

/** The same on each device of the table, one line each. */
export function describeOthers(
  others: readonly { readonly name: string; readonly figures: DeviceFigures }[],
): string[] {
  return [
    ...formatTable(
      ["device", "memory", "training takes", "largest batch", "step", "epoch", "in all"],
      others.map(({ name, figures }) => [
        name,
        formatBytes(figures.memoryBytes),
        formatBytes(figures.trainingBytes),
        figures.largestBatch > 0 ? count(figures.largestBatch) : "does not fit",
        // What does not fit takes no time.
        ...[figures.stepSeconds, figures.epochSeconds, figures.totalSeconds].map((seconds) =>
          seconds === null || !figures.fits ? "" : formatDuration(seconds),
        ),
      ]),
    ),
    "by what their makers state, of which half of the compute and 70 % of the bandwidth are taken to be reached (docs/plan.md)",
  ];
}
