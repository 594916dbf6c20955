import { statSync } from "node:fs";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { loadConfig } from "../config/load-config";
import { type InspectedConfig, inspectConfig } from "../inspect/inspect-config";
import { type InspectedModel, inspectModel } from "../inspect/inspect-model";
import type { CostedLayer } from "../model/costs/cost-layers";
import { UsageError } from "../shared/errors";
import { formatShape } from "../shared/shape";
import type { CommandContext } from "./context";
import { describeNames, describeTargets, targetsJson } from "./describe-targets";
import { formatBytes } from "./format-figures";
import { formatTable } from "./format-table";

export interface InspectOptions {
  /** File for a drawing of the layers, SVG. */
  readonly diagram?: string;
}

/** `dlctl inspect`: the layers of a config's model or of a trained one, their output shapes and parameters. */
export async function inspectCommand(
  context: CommandContext,
  path: string,
  overrides: readonly string[],
  options: InspectOptions = {},
): Promise<void> {
  requireSvg(options);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    if (overrides.length > 0) {
      throw new UsageError(`${path} is a folder; overrides are for configs`, { hint: "Leave them out." });
    }
    const inspected = await inspectModel(path);
    print(context, [...describeFolder(path, inspected), "", ...layerTable(inspected)]);
    const drawn = await draw(context, inspected.folder.name, inspected, options);
    await context.json({ path, ...modelJson(inspected), ...drawn });
    return;
  }
  const inspected = await inspectConfig(await loadConfig(path, overrides), context.signal);
  print(context, [...describeConfig(inspected), "", ...layerTable(inspected)]);
  const drawn = await draw(context, inspected.name, inspected, options);
  await context.json({ path, ...configJson(inspected), ...drawn });
}

function requireSvg({ diagram }: InspectOptions): void {
  if (diagram === undefined || !/\.(png|jpe?g|webp|gif|pdf|html?)$/i.test(diagram)) return;
  throw new UsageError(`The diagram is an SVG, and ${diagram} has another ending`, {
    hint: "Name a file that ends in .svg; browsers show it, and convert it.",
  });
}

async function draw(
  context: CommandContext,
  name: string,
  { description }: Inspected,
  { diagram }: InspectOptions,
): Promise<{ readonly diagram?: string }> {
  if (diagram === undefined) return {};
  // Loaded when it is needed: what lays it out takes longer than all the rest.
  const { modelDiagram } = await import("../inspect/model-diagram.js");
  const svg = modelDiagram(description, { title: `Layers of ${name}` });
  await writeFileAtomically(diagram, svg, "another file with --diagram");
  context.note(`Wrote the diagram to ${diagram}`);
  return { diagram };
}

function print(context: CommandContext, lines: readonly string[]): void {
  for (const line of lines) context.print(line);
}

const count = (value: number) => value.toLocaleString("en-US");

/** Operations of the forward pass for one example; undefined for a layer that is not counted. */
const flopsOf = ({ operations }: CostedLayer): number | undefined =>
  operations?.reduce((sum, { forward }) => sum + forward.flops, 0);

type Inspected = Pick<InspectedConfig, "description" | "costs">;

function layerTable({ description, costs }: Inspected): string[] {
  const { layers, parameters, trainableParameters } = description;
  // Inputs are of interest only where the model is no plain stack.
  const isStack = layers.every(
    ({ inputs }, index) => index === 0 || (inputs.length === 1 && inputs[0] === layers[index - 1]?.name),
  );
  const flops = costs.map(flopsOf);
  const rows = layers.map((layer, index) => [
    `${layer.name} (${layer.type})`,
    formatShape(layer.outputShape),
    layer.parameters,
    ...(isStack ? [] : [layer.inputs.join(", ") || "-"]),
    flops[index] ?? "not counted",
  ]);
  const head = ["layer (type)", "output shape", "param #", ...(isStack ? [] : ["connected to"]), "FLOPs"];
  const total = (label: string, value: number) => `${label}: ${count(value)} (${formatBytes(4 * value)})`;
  return [
    ...formatTable(head, rows),
    "",
    total("Total params", parameters),
    total("Trainable params", trainableParameters),
    total("Non-trainable params", parameters - trainableParameters),
    `${count(flops.reduce<number>((sum, value) => sum + (value ?? 0), 0))} floating-point operations to predict one example${flops.includes(undefined) ? ", without the layers that are not counted" : ""}`,
  ];
}

function describeConfig({ name, facts }: InspectedConfig): string[] {
  const rows: [string, string][] = [
    ["name", name],
    ...describeTargets(facts),
    ["input", formatShape([null, ...facts.inputShape])],
  ];
  return rows.map(([label, text]) => `${label.padEnd(8)} ${text}`);
}

function describeFolder(path: string, { folder }: InspectedModel): string[] {
  const { metrics, training, versions } = folder;
  const figures = Object.entries(metrics.values).map(
    ([name, value]) => `${name} ${value === null ? "-" : value.toFixed(4)}`,
  );
  return [
    `model      ${path}`,
    `name       ${folder.name}`,
    `task       ${folder.task}`,
    ...(folder.labels ? [`classes    ${describeNames(folder.labels)}`] : []),
    ...(folder.targets ? [`values     ${describeNames(folder.targets)}`] : []),
    `input      ${formatShape([null, ...folder.input.shape])} ${folder.input.kind}`,
    `metrics    ${figures.join(", ")} (after epoch ${metrics.epoch})`,
    `trained    ${training.epochs} ${training.epochs === 1 ? "epoch" : "epochs"} on ${count(training.examples.train)} examples in ${training.seconds.toFixed(1)} s on ${training.device}${training.precision === undefined ? "" : ` in ${training.precision}`}, seed ${training.seed}, ${training.finishedAt}`,
    `versions   ${Object.entries(versions)
      // Stands behind the device; it is among them because results hang on it.
      .filter(([name]) => name !== "precision")
      .map(([name, version]) => `${name} ${version ?? "not there"}`)
      .join(", ")}`,
  ];
}

function layersJson({ description: { layers, parameters, trainableParameters }, costs }: Inspected) {
  return {
    layers: layers.map((layer, index) => ({ ...layer, flops: flopsOf(costs[index] as CostedLayer) ?? null })),
    parameters,
    trainableParameters,
  };
}

function configJson({ name, facts, ...inspected }: InspectedConfig) {
  return { name, ...targetsJson(facts), inputShape: facts.inputShape, ...layersJson(inspected) };
}

function modelJson({ folder, ...inspected }: InspectedModel) {
  const { name, task, labels, targets, input, preprocessing, metrics, training, versions } = folder;
  return {
    name,
    task,
    labels,
    targets,
    inputShape: input.shape,
    preprocessing,
    metrics,
    training,
    versions,
    ...layersJson(inspected),
  };
}
