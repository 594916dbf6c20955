import type { ScaleContinuousNumeric } from "d3-scale";
import { type Content, type Html, html } from "../html";

export type Scale = ScaleContinuousNumeric<number, number>;

/** Inside of a plot, in its own units; a plot is about as wide as a phone, so that its text can be read there. */
export const plotArea = { width: 360, height: 236, left: 58, right: 348, top: 12, bottom: 196 } as const;

export interface PlotAxis {
  /** From data to places in the plot. */
  readonly scale: Scale;
  readonly label: string;
  /** About as many as this. */
  readonly ticks?: number;
  readonly format?: (value: number) => string;
}

export interface PlotContent {
  /** The text alternative: what it shows, in a few words, and what is to be seen in it. */
  readonly title: string;
  readonly description: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly marks: Content;
}

/** Coordinates need no more digits. */
export const place = (value: number): number => Math.round(value * 10) / 10;

/** A picture with axes, ticks and a grid, around marks that were placed by the same scales. */
export function plot({ title, description, x, y, marks }: PlotContent): Html {
  const { width, height, left, right, top, bottom } = plotArea;
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img"><title>${title}</title><desc>${description}</desc>
<g class="grid-lines">${ticksOf(y, 5).map((value) => html`<path d="M${left} ${place(y.scale(value))}H${right}"/>`)}</g>
<g class="axis"><path d="M${left} ${top}V${bottom}H${right}"/>
${ticksOf(x, 6).map((value) => html`<path d="M${place(x.scale(value))} ${bottom}v4"/><text x="${place(x.scale(value))}" y="${bottom + 16}" text-anchor="middle">${formatTick(x, value, 6)}</text>`)}
${ticksOf(y, 5).map((value) => html`<text x="${left - 6}" y="${place(y.scale(value) + 4)}" text-anchor="end">${formatTick(y, value, 5)}</text>`)}
<text x="${(left + right) / 2}" y="${height - 6}" text-anchor="middle">${x.label}</text>
<text transform="translate(11 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${y.label}</text></g>
${marks}</svg>`;
}

function ticksOf({ scale, ticks }: PlotAxis, usual: number): number[] {
  const all = scale.ticks(ticks ?? usual);
  // A logarithmic scale names every digit of every power; where that is too much, the powers alone.
  if (all.length <= 2 * usual) return all;
  const powers = all.filter((value) => Number.isInteger(Math.log10(value)));
  const step = Math.ceil(powers.length / (ticks ?? usual));
  return powers.filter((_, index) => index % step === 0);
}

function formatTick({ scale, format, ticks }: PlotAxis, value: number, usual: number): string {
  if (format) return format(value);
  if (value === 0) return "0";
  const specifier = shortest(scale);
  return specifier ? scale.tickFormat(ticks ?? usual, specifier)(value) : scale.tickFormat(ticks ?? usual)(value);
}

/** Large and small numbers by prefix or power of ten, so that a tick is never wider than the margin; undefined for all others. */
function shortest(scale: Scale): string | undefined {
  const [from = 0, to = 0] = scale.domain();
  const largest = Math.max(Math.abs(from), Math.abs(to));
  if (largest >= 10_000) return "~s";
  if ("base" in scale) return from < 0.001 ? "~e" : "~g";
  return largest < 0.01 || Math.abs(to - from) < 0.001 ? "~e" : undefined;
}
