import { readdirSync, readFileSync } from "node:fs";

const everyMilliseconds = 1000;

/**
 * Looks at a running process once a second (Linux: /proc). `stop()` gives what was seen: resident bytes and open files, in order.
 */
export function watchProcess(pid) {
  const samples = [];
  const look = () => {
    try {
      const [, kilobytes] = readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/m) ?? [];
      if (kilobytes) samples.push({ bytes: 1024 * Number(kilobytes), files: readdirSync(`/proc/${pid}/fd`).length });
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(look, everyMilliseconds);
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}

/**
 * How memory and open files went on after the first third, in which caches fill: medians of the second and of the last third.
 * Throws when there are too few samples to say.
 */
export function summarize(samples) {
  if (samples.length < 9) throw new Error(`it has ended after ${samples.length} seconds, too early to say anything`);
  const third = Math.floor(samples.length / 3);
  const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)];
  const mebibytes = (list) => Math.round(median(list.map(({ bytes }) => bytes)) / 2 ** 20);
  return {
    seconds: samples.length,
    mebibytes: { middle: mebibytes(middle), last: mebibytes(last) },
    openFiles: { middle: median(middle.map(({ files }) => files)), last: median(last.map(({ files }) => files)) },
  };
}

/** What has grown, in words; nothing where all is flat. A tenth of the memory is what an allocator keeps or not. */
export function growth({ mebibytes, openFiles }) {
  const isMemoryFlat = mebibytes.last <= mebibytes.middle + Math.max(32, 0.1 * mebibytes.middle);
  return [
    ...(isMemoryFlat ? [] : [`memory from ${mebibytes.middle} to ${mebibytes.last} MiB`]),
    ...(openFiles.last <= openFiles.middle + 2 ? [] : [`open files from ${openFiles.middle} to ${openFiles.last}`]),
  ];
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
