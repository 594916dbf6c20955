import { basename } from "node:path";
import { cacheLimit } from "../data/cache/cache-limit";
import { pixelFolder } from "../data/cache/choose-cache";
import { type KeptEntry, listKept, removeKept } from "../data/cache/kept-entries";
import { tokenLimit } from "../data/cache/tokens/token-store";
import { programFolder, programLimit } from "../engine/kept-programs/program-folder";
import { calibrationFolder } from "../plan/calibration/stored-calibration";
import { cacheFolder, codeCacheFolder } from "../runtime/cache-folder";
import { explainIoError } from "../runtime/provision/explain-io-error";
import { clearStaleRuntimes } from "../runtime/provision/stale-runtimes";
import type { CommandContext } from "./context";
import { formatTable } from "./format-table";

export interface CacheOptions {
  readonly clear?: boolean;
  readonly clearData?: boolean;
}

/** `dlctl cache`: what is kept outside projects, and its removal; the runtimes of `dlctl setup` that may be in use are shown and stay. */
export async function cacheCommand(context: CommandContext, { clear, clearData }: CacheOptions): Promise<void> {
  const entries = listKept();
  const path = cacheFolder();
  if (!clear && !clearData) {
    const limitBytes = cacheLimit(pixelFolder());
    for (const line of describe(entries, limitBytes)) context.print(line);
    await context.json({ path, limitBytes, entries: entries.map(toJson) });
    return;
  }
  const removed = entries.filter(({ kind }) => kind === "images" || kind === "tokens" || (clear && kind === "other"));
  let bytes = 0;
  try {
    for (const entry of removed) bytes += removeKept(entry);
    if (clear) {
      const onWait = (pid: number) => context.note(`A dlctl setup is at work (process ${pid}); waiting for it`);
      const stale = await clearStaleRuntimes(path, { onWait, signal: context.signal });
      const entriesOfThem = entries.filter((entry) => stale.includes(entry.path));
      removed.push(...entriesOfThem);
      bytes += entriesOfThem.reduce((sum, entry) => sum + entry.bytes, 0);
    }
  } catch (error) {
    context.signal.throwIfAborted();
    throw explainIoError(error, path);
  }
  context.print(removed.length > 0 ? `${decimalSize(bytes)} are free again` : `There is nothing to remove in ${path}`);
  await context.json({ path, removed: removed.map(toJson), bytes });
}

function describe(entries: readonly KeptEntry[], limitBytes: number): string[] {
  const path = cacheFolder();
  if (entries.length === 0) return [`There is nothing in ${path}`];
  const rows = entries.map((entry) => [nameOf(entry), decimalSize(entry.bytes), ago(entry.usedAt)]);
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...formatTable(["what", "size", "last used"], rows),
    "",
    `${decimalSize(total)} in ${path}; images may take ${decimalSize(limitBytes)} of it (DLCTL_CACHE_LIMIT), tokens ${decimalSize(tokenLimit())}, compiled models ${decimalSize(programLimit())}`,
  ];
}

function nameOf({ kind, path, count, pipeline, isStale }: KeptEntry): string {
  if (kind === "tokens") return `tokens of ${count} ${count === 1 ? "set" : "sets"} of texts`;
  if (path === programFolder()) return "compiled models";
  if (path === calibrationFolder()) return "measurements of this machine, for dlctl plan";
  if (path === codeCacheFolder()) return "compiled code of dlctl";
  if (kind !== "images") return `${basename(path)}${isStale ? " (not in use)" : ""}`;
  const size = pipeline ? ` of ${pipeline.width}x${pipeline.height}x${pipeline.channels}` : "";
  const ops = pipeline && pipeline.ops.length > 0 ? ` (${pipeline.ops.map(({ op }) => op).join(", ")})` : "";
  return `${count?.toLocaleString("en-US")} ${count === 1 ? "image" : "images"}${size}${ops}`;
}

function toJson({ usedAt, ...entry }: KeptEntry) {
  return { ...entry, usedAt: new Date(usedAt).toISOString() };
}

function decimalSize(bytes: number): string {
  const [factor, unit] = sizes.find(([size]) => bytes >= size) ?? [1, "bytes"];
  return `${(bytes / factor).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`;
}

const sizes = [
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
] as const;

const steps: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

function ago(time: number): string {
  const seconds = (Date.now() - time) / 1000;
  const [factor, unit] = steps.find(([length]) => seconds >= length) ?? [1, "second"];
  return new Intl.RelativeTimeFormat("en").format(-Math.floor(seconds / factor), unit);
}
