import { usableCpus } from "../../runtime/cpu-quota";

/** Enough to keep libuv's threads busy (twice the cores), without holding many large images at once. */
const inFlight = Math.max(4, 2 * usableCpus());

/**
 * Runs `task` for 0 to `count` - 1, a few at a time. After the first failure, or an abort of `signal`, no other is
 * begun; what is under way is waited for, then the failure (the signal's reason) is thrown.
 */
export async function forEachInParallel(
  count: number,
  task: (index: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const worker = async () => {
    while (next < count && !hasFailed) {
      try {
        signal?.throwIfAborted();
        await task(next++);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(inFlight, count) }, worker));
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
