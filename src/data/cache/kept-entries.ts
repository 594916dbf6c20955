import { closeSync, lstatSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder } from "../../runtime/cache-folder";
import { isRuntimeName } from "../../runtime/provision/remove-runtime";
import { findStaleRuntimes } from "../../runtime/provision/stale-runtimes";
import { pixelFolder } from "./choose-cache";
import { isPartialName } from "./store/partial-name";
import { readPipelineDescription } from "./store/pipeline-description";
import { removeAbandoned, segmentPaths } from "./store/segment-files";
import { readIndex } from "./store/segment-reader";
import { tokenFiles, tokenFolder } from "./tokens/token-store";

/** Something in the user's cache folder. */
export interface KeptEntry {
  /** `images`: decoded, of one pipeline. `tokens`: of texts. `runtime`: what `dlctl setup` has made. `other`: what can be made again soon. */
  readonly kind: "images" | "tokens" | "runtime" | "other";
  readonly path: string;
  readonly bytes: number;
  /** In milliseconds since 1970. */
  readonly usedAt: number;
  /** Of a runtime: whether it is another dlctl's that was not used for long, which set-up and `--clear` remove. */
  readonly isStale?: boolean;
  /** Of images: how many. Of tokens: how many sets of texts. */
  readonly count?: number;
  /** Of images: width, height and channels, and the ops that made them; undefined where it can't be told. */
  readonly pipeline?: PipelineFacts | undefined;
}

const pipelineSchema = z.object({
  width: z.number(),
  height: z.number(),
  channels: z.number(),
  ops: z.array(z.object({ op: z.string() })),
});

type PipelineFacts = z.output<typeof pipelineSchema>;

/** All that is kept, lately used first. What other processes write or remove meanwhile may be in it or not. */
export function listKept(): KeptEntry[] {
  const cache = cacheFolder();
  const stale = findStaleRuntimes(cache);
  const entries = namesIn(cache).flatMap((name): KeptEntry[] => {
    const path = join(cache, name);
    if (path === pixelFolder()) return namesIn(path).flatMap((pipeline) => describeImages(join(path, pipeline)));
    if (path === tokenFolder()) return describeTokens(path);
    const usedAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const kept = { path, bytes: bytesOf(path), usedAt };
    return [
      isRuntimeName(name) ? { kind: "runtime", ...kept, isStale: stale.includes(path) } : { kind: "other", ...kept },
    ];
  });
  return entries.sort((a, b) => b.usedAt - a.usedAt);
}

/**
 * Removes an entry that is no runtime. Runs that read images of it have them open and keep them; what a living process
 * is writing stays. Returns the bytes that are free again.
 */
export function removeKept({ kind, path, bytes }: KeptEntry): number {
  if (kind === "runtime") throw new Error("a runtime is removed by dlctl setup --remove");
  if (kind === "other") {
    rmSync(path, { recursive: true, force: true });
    return bytes;
  }
  removeAbandoned(path);
  const files = kind === "tokens" ? tokenFiles(path).map((file) => file.path) : segmentPaths(path);
  for (const file of files) rmSync(file, { force: true });
  if (!namesIn(path).some(isPartialName)) rmSync(path, { recursive: true, force: true });
  return bytes - bytesOf(path);
}

function describeImages(path: string): KeptEntry[] {
  const segments = segmentPaths(path).map((segment) => ({
    segment,
    stats: statSync(segment, { throwIfNoEntry: false }),
  }));
  const usedAt = Math.max(0, ...segments.map(({ stats }) => stats?.mtimeMs ?? 0));
  const count = segments.reduce((sum, { segment }) => sum + countRows(segment), 0);
  const pipeline = pipelineSchema.safeParse(readPipelineDescription(path)).data;
  return [{ kind: "images", path, bytes: bytesOf(path), usedAt, count, pipeline }];
}

/** A set of texts has its tokens, and most have a tokenizer of their own beside them. */
function describeTokens(path: string): KeptEntry[] {
  const files = tokenFiles(path);
  if (files.length === 0) return [];
  const usedAt = Math.max(...files.map((file) => file.usedAt));
  const count = files.filter((file) => file.path.endsWith(".tokens")).length;
  return [{ kind: "tokens", path, bytes: bytesOf(path), usedAt, count }];
}

function countRows(segment: string): number {
  try {
    const file = openSync(segment, "r");
    try {
      return readIndex(file)?.rowCount ?? 0;
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
}

/** Links count for nothing: an addon's `lib` leads to libraries that are counted where they are. */
function bytesOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return stats.size;
  if (!stats?.isDirectory()) return 0;
  return namesIn(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
