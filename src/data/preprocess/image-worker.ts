// Runs in a thread of its own: loads images and sends their pixels.
import { parentPort, workerData } from "node:worker_threads";
import { openPhotoReader } from "../images/open-photo-reader";
import { toFailure, type WorkerAnswer, type WorkerRequest } from "./image-worker-messages";
import { type LoaderPlan, openLocalLoader } from "./open-image-loader";

const opening = openPhotoReader().then((photos) => openLocalLoader(workerData as LoaderPlan, photos));
const loads = new Map<number, AbortController>();

function answer(message: WorkerAnswer, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

async function load({ id, requests }: Extract<WorkerRequest, { type: "load" }>): Promise<void> {
  const controller = new AbortController();
  loads.set(id, controller);
  try {
    const loader = await opening;
    const pixels = await loader.load(requests, controller.signal);
    answer({ id, pixels, counts: loader.counts() }, [pixels.buffer]);
  } catch (error) {
    answer({ id, failure: toFailure(error) });
  } finally {
    loads.delete(id);
  }
}

async function close(): Promise<void> {
  const loader = await opening.catch(() => undefined);
  await loader?.close();
  // Nothing else keeps this thread.
  parentPort?.close();
}

opening.catch(() => undefined);
parentPort?.on("message", (request: WorkerRequest) => {
  if (request.type === "load") void load(request);
  else if (request.type === "abort") loads.get(request.id)?.abort();
  else void close();
});
