import { requirePrecision } from "../runtime/require-precision";
import { type DeviceRequest, type Runtime, type StartOptions, startRuntime } from "../runtime/start-runtime";
import type { CommandContext } from "./context";

/** Starts the device that the user asked for and says in one line which one it is and why. */
export async function startDevice(
  context: CommandContext,
  request: DeviceRequest = "auto",
  options: Pick<StartOptions, "threads" | "gpuMemoryMegabytes" | "precision" | "isMostlyOwn"> = {},
): Promise<Runtime> {
  const runtime = await startRuntime(request, { ...options, isVerbose: context.isVerbose });
  const line = `device ${runtime.device}: ${runtime.reason}`;
  if (runtime.device === "js" && request === "auto") context.warn(line);
  else context.note(line);
  const { cudnnProblem } = runtime.gpu ?? {};
  if (cudnnProblem !== undefined)
    context.note(
      `LSTM and GRU layers do without cuDNN's kernels, as these were tried and failed: ${cudnnProblem} (dlctl doctor tries again)`,
    );
  const disappointment = requirePrecision(options.precision, runtime);
  if (disappointment !== undefined) context.warn(disappointment);
  return runtime;
}
