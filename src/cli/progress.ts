import type { ProgressBar, ProgressPanel } from "../commands/context";
import type { Colors } from "./colors";
import { formatPanel } from "./format-panel";
import { formatCount, formatDuration, formatRate } from "./format-progress";
import { RateMeter } from "./measure-rate";

/** Where progress is shown: a terminal's last line that can be drawn over, or a log that only grows. */
export interface ProgressSurface {
  readonly isLive: boolean;
  /** Live only: what the last lines show from now on; empty takes them away. */
  draw(text: string): void;
  /** A line that stays. */
  log(line: string): void;
  readonly columns: number;
  /** Lines that the terminal has, where that is known. */
  readonly rows?: number;
  readonly colors: Colors;
  /** Whether the terminal shows more than ASCII. */
  readonly isUnicode: boolean;
}

const redrawSeconds = 0.08;

/** A progress bar on `surface`; `clock` gives seconds. */
export function startProgress(
  surface: ProgressSurface,
  label: string,
  total: number | undefined,
  clock: () => number = () => performance.now() / 1000,
): ProgressBar {
  const meter = new RateMeter(clock());
  let shownAt = surface.isLive ? Number.NEGATIVE_INFINITY : clock();
  let isFinished = false;
  return {
    update(done, detail, panel) {
      if (isFinished) return;
      const now = clock();
      meter.record(done, now);
      const wait = surface.isLive ? redrawSeconds : logSeconds(meter.seconds(now));
      if (now - shownAt < wait && !(surface.isLive && done === total)) return;
      shownAt = now;
      const facts = { label, total, done, rate: meter.rate(done, now), detail };
      if (surface.isLive) surface.draw([liveLine(facts, surface), ...panelLines(panel, surface)].join("\n"));
      else surface.log(plainLine(facts));
    },
    finish(summary) {
      if (isFinished) return;
      isFinished = true;
      if (surface.isLive) surface.draw("");
      if (summary) surface.log(summary);
    },
  };
}

/** What is below the bar, on a terminal that has room for it. */
function panelLines(panel: (() => ProgressPanel) | undefined, surface: ProgressSurface): string[] {
  const room = (surface.rows ?? Number.POSITIVE_INFINITY) / 2 - 1;
  return panel === undefined || room < 1 ? [] : formatPanel(panel(), surface).slice(0, room);
}

/** Logs get a line every 10 s at first, every minute later. */
function logSeconds(elapsed: number): number {
  return elapsed < 60 ? 10 : 60;
}

interface Facts {
  readonly label: string;
  readonly total: number | undefined;
  readonly done: number;
  readonly rate: number | undefined;
  readonly detail: string | undefined;
}

function figures({ total, done, rate, detail }: Facts): string[] {
  const remaining = total !== undefined && rate ? (total - done) / rate : undefined;
  return [
    total === undefined ? formatCount(done) : `${formatCount(done)}/${formatCount(total)}`,
    ...(rate === undefined ? [] : [formatRate(rate)]),
    ...(remaining === undefined ? [] : [`ETA ${formatDuration(remaining)}`]),
    ...(detail ? [detail] : []),
  ];
}

function plainLine(facts: Facts): string {
  return [`${facts.label}:`, ...percent(facts), ...figures(facts)].join("  ");
}

function percent({ total, done }: Facts): string[] {
  return total ? [`${Math.floor((100 * done) / total)} %`] : [];
}

function liveLine(facts: Facts, { columns, colors, isUnicode }: ProgressSurface): string {
  const tail = [...percent(facts).map((text) => text.padStart(5)), ...figures(facts)].join("  ");
  // One column less than the terminal has: a full line would wrap.
  const room = columns - 1 - facts.label.length - tail.length - 4;
  const { total } = facts;
  if (!total || room < 5) return `${facts.label}  ${tail}`.slice(0, columns - 1);
  const width = Math.min(room, 30);
  const filled = Math.round(width * Math.min(1, facts.done / total));
  const [full, empty] = isUnicode ? ["━", "─"] : ["#", "-"];
  return `${facts.label}  ${colors.cyan(full.repeat(filled))}${colors.dim(empty.repeat(width - filled))}  ${tail}`;
}
