import fc from "fast-check";
import { ConfigError, UserError } from "../../src/shared/errors";

/** `npm run fuzz -- --seconds N` goes on for as long with each property, each time from another seed. */
const seconds = Number(process.env.DLCTL_FUZZ_SECONDS ?? 0);

/** No input of a few kilobytes needs more, even on a busy machine. */
const mostMilliseconds = 10_000;

interface FuzzOptions {
  /** How many inputs a usual run of the tests tries, always the same ones. */
  readonly runs: number;
}

/**
 * Tests that for every input `handle` ends in time, with a right answer (which it checks itself) or a clear error for people.
 */
export function fuzzTest<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  { runs }: FuzzOptions,
  handle: (input: T) => void | Promise<void>,
): void {
  const property = fc.asyncProperty(inputs, async (input) => {
    const startedAt = performance.now();
    try {
      await handle(input);
    } catch (error) {
      requireClear(error);
    }
    const took = performance.now() - startedAt;
    if (took > mostMilliseconds) throw new Error(`it took ${Math.round(took)} ms`);
  });
  const extent =
    seconds > 0 ? { numRuns: 2 ** 31 - 1, interruptAfterTimeLimit: seconds * 1000 } : { numRuns: runs, seed: 5 };
  const limit = seconds * 1000 + 120_000;
  test(
    name,
    async () => {
      const result = await fc.check(property, { ...extent, endOnFailure: false });
      if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? "failed", { cause: result.errorInstance });
      if (seconds > 0) process.stderr.write(`fuzz: ${result.numRuns} inputs for "${name}"\n`);
    },
    limit,
  );
}

/** An error that a person can read; all else is a bug. */
function requireClear(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  const { message } = error;
  const lines = error instanceof ConfigError ? error.problems.map((problem) => problem.message) : [message];
  for (const line of lines) {
    if (line.trim() === "" || line.length > 5000) throw new Error(`not a clear message: ${JSON.stringify(line)}`);
    if (/\[object |\bundefined\b|^\s+at /m.test(line)) throw new Error(`not a clear message: ${JSON.stringify(line)}`);
  }
}
