import { join } from "node:path";
import { usableCpus } from "../runtime/cpu-quota";
import { requireCached, startCodeCache } from "./code-cache";

interface Main {
  main(args: readonly string[]): unknown;
}

/** Runs the command line from `dist/cli/bundle.js`. What V8 compiles is kept between runs, which saves about a tenth of a second. */
export function start(args: readonly string[]): void {
  // Read when the thread pool starts, at the first asynchronous file or image operation: images are decoded in it.
  process.env.UV_THREADPOOL_SIZE ||= String(Math.max(4, 2 * usableCpus()));
  startCodeCache(args);
  const { main } = requireCached(join(__dirname, "bundle.js")) as Main;
  main(args);
}
