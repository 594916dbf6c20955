import { type HexColour, mix, textOn } from "./contrast";

/** Colours of one theme. Texts have a contrast of 4.5 or more on page and surface, and so have the series. */
export interface Palette {
  readonly page: HexColour;
  /** Behind cards and figures. */
  readonly surface: HexColour;
  readonly ink: HexColour;
  /** Of axes and side notes. */
  readonly soft: HexColour;
  readonly line: HexColour;
  readonly grid: HexColour;
  readonly series: readonly HexColour[];
  /** Of a heat map, from nothing to most. */
  readonly levels: readonly HexColour[];
  /** Behind words that speak for an answer, and against it, from little to most. */
  readonly speaksFor: readonly HexColour[];
  readonly speaksAgainst: readonly HexColour[];
}

/** Series beyond these begin with the first colour again; line style and mark tell them apart then. */
export const seriesColours = 6;
export const heatLevels = 10;
export const markLevels = 5;

export const light: Palette = {
  page: "#ffffff",
  surface: "#f6f7f9",
  ink: "#1b1f24",
  soft: "#57606a",
  line: "#d0d7de",
  grid: "#e3e7eb",
  series: ["#0b62c4", "#b3490b", "#0f7346", "#a3268e", "#755700", "#5b3fc4"],
  levels: ramp("#eef1f5", "#08407f"),
  speaksFor: ramp("#fbe9dd", "#ff9270", markLevels),
  speaksAgainst: ramp("#e2ecfa", "#86b3f7", markLevels),
};

export const dark: Palette = {
  page: "#14171b",
  surface: "#1c2026",
  ink: "#e8eaed",
  soft: "#a7b1bc",
  line: "#3a424c",
  grid: "#2b3138",
  series: ["#6cb0ff", "#ff9d5c", "#4fd39a", "#f08bdc", "#e0c14a", "#b7a3ff"],
  levels: ramp("#242a32", "#a8d1ff"),
  speaksFor: ramp("#3a2a24", "#a33a1c", markLevels),
  speaksAgainst: ramp("#232f42", "#2a5cae", markLevels),
};

function ramp(from: HexColour, to: HexColour, count = heatLevels): HexColour[] {
  return Array.from({ length: count }, (_, level) => mix(from, to, level / (count - 1)));
}

/** The palette as CSS custom properties: `--ink`, `--s0`, `--q0` and, for texts on that, `--t0`; `--f0` for, `--a0` against. */
export function customProperties({ series, levels, speaksFor, speaksAgainst, ...colours }: Palette): string {
  const all: [string, HexColour][] = [
    ...Object.entries(colours),
    ...series.map((colour, index): [string, HexColour] => [`s${index}`, colour]),
    ...levels.map((colour, index): [string, HexColour] => [`q${index}`, colour]),
    ...levels.map((colour, index): [string, HexColour] => [`t${index}`, textOn(colour)]),
    ...speaksFor.map((colour, index): [string, HexColour] => [`f${index}`, colour]),
    ...speaksAgainst.map((colour, index): [string, HexColour] => [`a${index}`, colour]),
  ];
  return all.map(([name, colour]) => `--${name}:${colour}`).join(";");
}
