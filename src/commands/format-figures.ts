/** Four significant digits at most and a prefix by thousands, with a space before the unit that follows: `1.234 G`. */
export function formatAmount(value: number): string {
  const prefixes = ["", "k", "M", "G", "T", "P", "E", "Z"];
  let [scaled, index] = [value, 0];
  while (scaled >= 999.5 && index < prefixes.length - 1) {
    scaled /= 1000;
    index++;
  }
  return `${digits(scaled)} ${prefixes[index]}`;
}

/** In KiB, MiB, GiB, TiB: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let [scaled, index] = [bytes, 0];
  while (scaled >= 1000 && index < units.length - 1) {
    scaled /= 1024;
    index++;
  }
  return `${digits(scaled)} ${units[index]}`;
}

/** From microseconds to years: `3.2 ms`, `12 min`. */
export function formatDuration(seconds: number): string {
  const units = [
    [365.25 * 86400, "years"],
    [86400, "days"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
    [1e-3, "ms"],
  ] as const;
  const [size, unit] = units.find(([size], index) => seconds >= (index < 4 ? 1.5 * size : size)) ?? [1e-6, "µs"];
  return `${digits(seconds / size)} ${unit}`;
}

export const formatShare = (share: number): string => `${Math.round(100 * share)} %`;

function digits(value: number): string {
  if (value === 0) return "0";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
