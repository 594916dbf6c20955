import * as nodeModule from "node:module";
import { join } from "node:path";
import { usableCpus } from "../runtime/cpu-quota";
import { requireCached } from "./code-cache";

interface Main {
  main(args: readonly string[]): unknown;
}

/** In Node.js from 22.1 on, and not in the types of Node.js 20. */
const { enableCompileCache } = nodeModule as unknown as { readonly enableCompileCache?: () => unknown };

/**
 * Runs the command line from `dist/cli/bundle.js`. What V8 compiles is kept between runs, which saves about a tenth of a
 * second: by Node.js itself where it can, by us before.
 */
export function start(args: readonly string[]): void {
  // Read when the thread pool starts, at the first asynchronous file or image operation: images are decoded in it.
  process.env.UV_THREADPOOL_SIZE ||= String(Math.max(4, 2 * usableCpus()));
  const bundle = join(__dirname, "bundle.js");
  enableCompileCache?.();
  const { main } = (enableCompileCache ? require(bundle) : requireCached(bundle)) as Main;
  main(args);
}
