import { isHalf } from "../runtime/precision";
import { ConfigError } from "../shared/errors";
import { createEagerEngine } from "./eager-engine";
import type { Engine, TrainingProgram } from "./engine";
import { createGraphEngine } from "./graph/graph-engine";

/** `auto`: compiled where that can be done, else op by op. */
export type EngineRequest = "auto" | "graph" | "eager";

export interface ChosenEngine {
  readonly engine: Engine;
  /** Why `auto` did not compile, as the end of a sentence; undefined when it did or was not asked to. */
  readonly obstacle: string | undefined;
}

/**
 * The engine asked for. Throws ConfigError when `graph` or half precision is asked for and the step can't be compiled, and when the
 * model has nothing to train.
 */
export function createEngine(program: TrainingProgram, request: EngineRequest): ChosenEngine {
  const { precision } = program;
  if (isHalf(precision) && request === "eager") throw needsCompiledSteps(precision, "--engine eager is asked for");
  if (request === "eager") return { engine: createEagerEngine(program), obstacle: undefined };
  try {
    return { engine: createGraphEngine(program), obstacle: undefined };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const obstacle = error instanceof Error ? (error.message.split("\n", 1)[0] as string) : String(error);
    if (isHalf(precision))
      throw needsCompiledSteps(precision, `the training step can't be compiled: ${obstacle}`, error);
    if (request === "auto") return { engine: createEagerEngine(program), obstacle };
    throw new ConfigError([{ path: "train.engine", message: `the training step can't be compiled: ${obstacle}` }], {
      hint: "Use `auto` or `eager`, which runs it op by op.",
      cause: error,
    });
  }
}

function needsCompiledSteps(precision: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError([{ path: "train.precision", message: `${precision} needs compiled steps, and ${why}` }], {
    hint: "Leave train.precision out, or set it to float32.",
    cause,
  });
}
