import { escapeXml } from "../../shared/escape-xml";

interface SeriesContent {
  readonly title: string;
  readonly names: readonly string[];
  /** `[steps, channels]`, as the model takes them; NaN where there is padding. */
  readonly values: Float32Array;
  /** -1 to 1 for each step. */
  readonly weights: readonly number[];
}

const width = 720;
const laneHeight = 90;
const left = 110;
const top = 34;
/** More channels are left out: the drawing says how many. */
const mostChannels = 8;

/** Lines of a series, a lane for each channel, on stripes that say how much each step speaks for (red) or against (blue) the output. */
export function seriesDrawing({ title, names, values, weights }: SeriesContent): string {
  const shown = names.slice(0, mostChannels);
  const height = top + shown.length * laneHeight + 30;
  const step = (width - left - 12) / Math.max(1, weights.length);
  const stripes = weights.map((weight, index) => {
    if (weight === 0) return "";
    const [kind, strength] = [weight < 0 ? "against" : "for", (0.75 * Math.abs(weight)).toFixed(3)];
    return `<rect class="${kind}" fill-opacity="${strength}" x="${round(left + index * step)}" y="${top}" width="${round(step + 0.3)}" height="${shown.length * laneHeight}"/>`;
  });
  const lanes = shown.map((name, channel) => {
    const y0 = top + channel * laneHeight;
    const lane = weights.map((_, index) => values[index * names.length + channel] ?? Number.NaN);
    return [
      `<text class="name" x="${left - 8}" y="${y0 + laneHeight / 2 + 4}">${escapeXml(cut(name))}</text>`,
      `<path class="line" d="${pathOf(lane, (index) => left + (index + 0.5) * step, y0)}"/>`,
    ].join("");
  });
  const more = names.length > shown.length ? `, and ${names.length - shown.length} channels more` : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" class="explained-series" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeXml(title)}</title>
<style>${style}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="title" x="12" y="21">${escapeXml(title)}</text>
${stripes.join("")}
${lanes.join("\n")}
<text class="axis" x="${left}" y="${height - 10}">step 1</text><text class="axis end" x="${width - 12}" y="${height - 10}">step ${weights.length}${more}</text>
</svg>
`;
}

const style = `
.explained-series { --ground: #fff; --ink: #17202b; --quiet: #52606f; --for: #e0432f; --against: #3a6fe8; font-family: system-ui, "DejaVu Sans", sans-serif; max-width: 100%; height: auto; }
@media screen and (prefers-color-scheme: dark) { .explained-series { --ground: #12171d; --ink: #e8edf2; --quiet: #a9b6c3; } }
.explained-series .ground { fill: var(--ground); } .explained-series .title { fill: var(--ink); font-size: 13px; font-weight: 600; }
.explained-series .name { fill: var(--quiet); font-size: 12px; text-anchor: end; } .explained-series .axis { fill: var(--quiet); font-size: 11px; }
.explained-series .end { text-anchor: end; } .explained-series .line { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-linejoin: round; }
.explained-series .for { fill: var(--for); } .explained-series .against { fill: var(--against); }
`.trim();

function pathOf(lane: readonly number[], x: (index: number) => number, y0: number): string {
  const known = lane.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const y = (value: number) => y0 + laneHeight - 10 - ((value - low) / (high - low || 1)) * (laneHeight - 20);
  let isOpen = false;
  return lane
    .map((value, index) => {
      if (!Number.isFinite(value)) {
        isOpen = false;
        return "";
      }
      const command = isOpen ? "L" : "M";
      isOpen = true;
      return `${command}${round(x(index))},${round(y(value))}`;
    })
    .join("");
}

const cut = (name: string) => (Array.from(name).length > 14 ? `${Array.from(name).slice(0, 13).join("")}…` : name);

const round = (value: number) => Math.round(10 * value) / 10;
