import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { packageFolder } from "../../runtime/package-folders";
import type { ImageLoader, LoadCounts } from "./image-loader";
import { fromFailure, type WorkerAnswer, type WorkerRequest } from "./image-worker-messages";
import type { LoaderPlan } from "./open-image-loader";

/** The built worker; undefined where the sources run unbuilt, as in unit tests. */
export function workerPath(): string | undefined {
  const path = join(packageFolder, "dist", "data", "preprocess", "image-worker.js");
  return __filename.endsWith(".ts") || !existsSync(path) ? undefined : path;
}

interface PendingLoad {
  resolve(pixels: Uint8Array<ArrayBuffer>): void;
  reject(error: unknown): void;
}

/** Loads images in a thread of its own, which ends when the loader is closed, and keeps no process from ending. */
export function startImageWorker(path: string, plan: LoaderPlan): ImageLoader {
  const worker = new Worker(path, { workerData: plan });
  const pending = new Map<number, PendingLoad>();
  let counts: LoadCounts = { read: 0, decoded: 0, found: 0 };
  let nextId = 0;
  let failure: Error | undefined;
  worker.unref();

  const exited = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      fail(new Error("the thread that decodes images has ended"));
      resolve();
    });
  });
  worker.on("error", fail);
  worker.on("message", (answer: WorkerAnswer) => {
    const load = settle(answer.id);
    if ("failure" in answer) return load?.reject(fromFailure(answer.failure));
    counts = answer.counts;
    load?.resolve(answer.pixels);
  });

  function fail(error: Error): void {
    failure ??= error;
    for (const id of [...pending.keys()]) settle(id)?.reject(failure);
  }

  function settle(id: number): PendingLoad | undefined {
    const load = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return load;
  }

  const send = (request: WorkerRequest) => worker.postMessage(request);

  return {
    async load(requests, signal) {
      signal?.throwIfAborted();
      if (failure) throw failure;
      const id = nextId++;
      const abort = () => send({ type: "abort", id });
      signal?.addEventListener("abort", abort);
      try {
        return await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
          pending.set(id, { resolve, reject });
          worker.ref();
          send({ type: "load", id, requests });
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    },
    counts: () => counts,
    async close() {
      worker.ref();
      send({ type: "close" });
      await exited;
    },
  };
}
