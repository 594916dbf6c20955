/** `1234` -> `1,234`; from 100,000 on with a prefix: `123k`, `274M`. */
export function formatCount(count: number): string {
  if (count < 100_000) return Math.round(count).toLocaleString("en-US");
  const [divisor, prefix] = count < 1e6 ? [1e3, "k"] : count < 1e9 ? [1e6, "M"] : [1e9, "G"];
  const value = count / divisor;
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)}${prefix}`;
}

/** Units a second: `0.42/s`, `7.3/s`, `1,234/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond < 1) return `${perSecond.toFixed(2)}/s`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)}/s`;
}

/** `0:07`, `12:30`, `3:05:00`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
