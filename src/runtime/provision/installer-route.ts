import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ProvisionReporter } from "./provision-reporter";
import { complaint, runProgram } from "./run-program";

/** An archive that TensorFlow.js's own installer downloads. */
interface Archive {
  readonly path: string;
  readonly version: string;
  /** Nixpkgs and other distributions pin the same sums. */
  readonly sha256: string;
}

const archives: Readonly<Record<string, Archive>> = {
  "linux-x64": {
    path: "tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz",
    version: "2.9.1",
    sha256: "7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173",
  },
  "darwin-arm64": {
    path: "tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz",
    version: "2.7",
    sha256: "13ab22b97e2af06e431aaeb7b42fb89981965dd01aa16da035d8210aa4183d79",
  },
};

const connectSeconds = 20;

export interface InstallerOptions {
  /** For tests: what the archive's sum must be instead of the pinned one. */
  readonly sha256?: string;
}

/**
 * Gets libtensorflow from where TensorFlow.js's own installer gets it, into `target`/lib and `target`/include, honouring
 * its TFJS_NODE_CDN_STORAGE for a mirror. Old, so the last route. Unlike that installer it checks the HTTP status, the
 * size and the sum. Returns the source for people. Throws with one line that says why not.
 */
export async function obtainFromInstaller(
  target: string,
  workFolder: string,
  reporter: ProvisionReporter,
  signal?: AbortSignal,
  options: InstallerOptions = {},
): Promise<string> {
  const archive = archives[`${process.platform}-${process.arch}`];
  if (!archive) throw new Error(`TensorFlow.js's installer has no archive for ${process.platform} on ${process.arch}`);
  const base = process.env.TFJS_NODE_CDN_STORAGE ?? "https://storage.googleapis.com/";
  const url = `${base.replace(/\/?$/, "/")}${archive.path}`;
  await mkdir(workFolder, { recursive: true });
  const file = join(workFolder, "libtensorflow.tar.gz");
  reporter.note(`Getting libtensorflow ${archive.version} from ${new URL(url).host}`);
  const sum = await download(url, file, reporter, signal);
  const expected = options.sha256 ?? archive.sha256;
  if (sum !== expected) throw new Error(`${url} has the SHA-256 sum ${sum} instead of ${expected}`);
  await mkdir(target, { recursive: true });
  const unpacked = await runProgram("tar", ["-xzf", file, "-C", target], { signal });
  if (unpacked.code !== 0) throw new Error(`can't unpack ${url}: ${complaint(unpacked)}`);
  await rm(file);
  return `TensorFlow.js's installer archive, libtensorflow ${archive.version}`;
}

/** Downloads `url` to `file` and returns its SHA-256 sum. */
async function download(url: string, file: string, reporter: ProvisionReporter, signal?: AbortSignal): Promise<string> {
  const response = await connect(url, signal);
  if (!response.ok || !response.body) throw new Error(`${url} answers ${response.status} ${response.statusText}`);
  const total = Number(response.headers.get("content-length")) || undefined;
  const bar = reporter.progress("Downloading", total);
  const hash = createHash("sha256");
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      done += chunk.length;
      bar.update(done);
      next(null, chunk);
    },
  });
  try {
    await pipeline([Readable.fromWeb(response.body as never), count, createWriteStream(file)], { signal });
  } catch (error) {
    if (signal?.aborted || (error as NodeJS.ErrnoException).code === "ENOSPC") throw error;
    throw new Error(`the download of ${url} broke off after ${done} bytes`, { cause: error });
  } finally {
    bar.finish();
  }
  if (total !== undefined && done !== total) throw new Error(`${url} ended after ${done} of ${total} bytes`);
  return hash.digest("hex");
}

async function connect(url: string, signal?: AbortSignal): Promise<Response> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), connectSeconds * 1000);
  try {
    return await fetch(url, { signal: signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { cause } = error as { cause?: { code?: string; message?: string } };
    const why = giveUp.signal.aborted
      ? `no answer in ${connectSeconds} seconds`
      : (cause?.code ?? cause?.message ?? error);
    throw new Error(`${new URL(url).host} can't be reached (${why})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
