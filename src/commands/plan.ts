import { loadConfig } from "../config/load-config";
import { devices } from "../plan/devices";
import { type Machine, statedMachine } from "../plan/machine";
import type { DeviceFigures } from "../plan/plan";
import { type ConfigPlan, planConfig } from "../plan/plan-config";
import { thisMachine } from "../plan/this-machine";
import { isHalf } from "../runtime/precision";
import { UsageError } from "../shared/errors";
import { nearestNames } from "../shared/nearest-names";
import type { CommandContext } from "./context";
import { describeDevice, describeModelNeeds, describeOthers, describePlan } from "./describe-plan";
import { targetsJson } from "./describe-targets";

export interface PlanCommandOptions {
  readonly device: string;
  readonly batchSize?: number;
  readonly examples?: number;
  readonly calibrate?: boolean;
}

/** `dlctl plan`: what a config needs of hardware, in general, on one device, and on those of the table. */
export async function planCommand(
  context: CommandContext,
  path: string,
  overrides: readonly string[],
  options: PlanCommandOptions,
): Promise<void> {
  const spec = findDevice(options.device);
  const loaded = await loadConfig(path, overrides);
  const { batchSize, examples } = options;
  const plan = await planConfig(loaded, { batchSize, examples }, context.signal);
  const { precision } = loaded.config.train;
  const machine = spec ? statedMachine(spec, precision) : await measureThis(context, options);
  if (!spec && machine && isHalf(precision))
    context.warn(`this machine was measured in ${machine.precision}: in ${precision} times are others`);
  const device = machine && plan.on(machine);
  const others = Object.entries(devices).map(([name, stated]) => ({
    name,
    figures: plan.on(statedMachine(stated, precision)),
  }));
  for (const line of [
    ...describePlan(plan, device),
    "",
    ...describeModelNeeds(plan),
    ...(device ? ["", ...describeDevice(plan, device)] : []),
    "",
    ...describeOthers(others),
  ]) {
    context.print(line);
  }
  await context.json(planJson(path, plan, device, others));
}

async function measureThis(context: CommandContext, { calibrate }: PlanCommandOptions): Promise<Machine | undefined> {
  let bar: ReturnType<CommandContext["progress"]> | undefined;
  const found = await thisMachine(context.signal, {
    isForced: calibrate === true,
    onProgress: (done) => {
      bar ??= context.progress("measuring this machine", 100);
      bar.update(Math.round(100 * done));
    },
  });
  bar?.finish();
  if (typeof found === "string") {
    context.warn(found);
    return undefined;
  }
  for (const note of found.notes) context.warn(note);
  return found.machine;
}

function findDevice(name: string) {
  if (name === "this") return undefined;
  const spec = Object.hasOwn(devices, name) ? devices[name] : undefined;
  if (spec) return spec;
  const known = ["this", ...Object.keys(devices)];
  const near = nearestNames(name, known);
  throw new UsageError(`There is no device "${name}"${near.length > 0 ? `; nearest: ${near.join(", ")}` : ""}`, {
    hint: `Devices are: ${known.join(", ")}.`,
  });
}

function planJson(
  path: string,
  { name, facts, request, model, assumptions }: ConfigPlan,
  device: DeviceFigures | undefined,
  others: readonly { readonly name: string; readonly figures: DeviceFigures }[],
) {
  const { layers, ...totals } = model;
  return {
    path,
    name,
    task: targetsJson(facts).task,
    inputShape: facts.inputShape,
    batchSize: request.batchSize,
    epochs: request.epochs,
    examples: request.examples ?? null,
    precision: request.precision ?? null,
    assumptions,
    ...totals,
    layers,
    device: device ?? null,
    devices: others.map(({ name, figures: { layers: _, parallel: __, savings: ___, ...figures } }) => ({
      id: name,
      ...figures,
    })),
  };
}
