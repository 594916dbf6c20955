import type { CommandContext } from "./context";
import type { TrainingListener } from "./training-listener";

/**
 * Runs `body` with a live page of the run in `model`, where `port` asks for one: true is any port that is free. The page ends with the
 * run. Throws EnvironmentError, before anything else is done, when the port can't be had.
 */
export async function withDashboard(
  context: CommandContext,
  port: number | true | undefined,
  model: string,
  body: (listeners: readonly TrainingListener[]) => Promise<void>,
): Promise<void> {
  if (port === undefined) return body([]);
  const { startDashboard } = await import("../dashboard/start-dashboard.js");
  const dashboard = await startDashboard({ model, port: port === true ? 0 : port });
  context.note(`dashboard ${dashboard.url}`);
  let reason: string | undefined;
  try {
    await body([dashboard]);
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    await dashboard.close(reason);
  }
}
