import type { LayerDescription, ModelDescription } from "../model/describe-model";
import { escapeXml } from "../shared/escape-xml";
import { formatShape } from "../shared/shape";
import { diagramStyle } from "./diagram-style";
import { layOutLayers, type Point } from "./lay-out-layers";
import { layerFamily } from "./layer-family";

const boxHeight = 48;
const padding = { left: 18, right: 12 };
const smallest = 210;
/** Names are cut here; the whole name is in the box's title. */
const longestName = 30;

/**
 * A drawing of a model's layers as one `<svg>` element: what feeds what, each layer's output shape and parameters. It needs nothing
 * else, names in it are escaped, and it may be a file or stand inside an HTML page, also several times.
 */
export function modelDiagram(
  { layers }: Pick<ModelDescription, "layers">,
  { title = "Layers of the model" }: { readonly title?: string } = {},
): string {
  const boxes = layers.map(describeBox);
  const width = Math.max(smallest, ...boxes.map(widthOf));
  const placed = layOutLayers(layers, { width, height: boxHeight });
  const size = { width: round(placed.width), height: round(placed.height) };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="model-diagram" role="img" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(layers.map(describeLayer).join("; "))}</desc>`,
    `<style>${diagramStyle}</style>`,
    `<rect class="ground" width="100%" height="100%"/>`,
    ...placed.edges.flatMap(drawEdge),
    ...boxes.map((box, index) => drawBox(box, placed.boxes[index] as Point, width)),
    "</svg>\n",
  ].join("\n");
}

interface Box {
  readonly family: string;
  readonly type: string;
  readonly name: string;
  readonly shape: string;
  readonly count: string;
  /** All of it in a line. */
  readonly title: string;
}

function describeBox(layer: LayerDescription): Box {
  const { name, type, outputShape, parameters, trainable } = layer;
  const isFrozen = parameters > 0 && trainable === 0;
  return {
    family: layerFamily(type),
    type: cut(type),
    name: name === type ? "" : cut(name),
    shape: formatShape(outputShape),
    count: parameters === 0 ? "" : `${parameters.toLocaleString("en-US")} ${isFrozen ? "frozen" : "parameters"}`,
    title: describeLayer(layer),
  };
}

function describeLayer({ name, type, inputs, outputShape, parameters }: LayerDescription): string {
  const from = inputs.length > 0 ? ` from ${inputs.join(" and ")}` : "";
  const count = parameters > 0 ? `, ${parameters.toLocaleString("en-US")} parameters` : "";
  return `${name} (${type})${from}: ${formatShape(outputShape)}${count}`;
}

function cut(name: string): string {
  const characters = Array.from(name);
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join("")}…` : name;
}

/** Enough for common fonts: an SVG can't measure its text. */
function widthOf({ type, name, shape, count }: Box): number {
  const first = 8 * type.length + 7.2 * name.length;
  const second = 7.4 * shape.length + 7.2 * count.length;
  return Math.ceil(Math.max(first, second) + padding.left + padding.right + 18);
}

function drawBox({ family, type, name, shape, count, title }: Box, { x, y }: Point, width: number): string {
  const [left, top] = [round(x - width / 2), round(y - boxHeight / 2)];
  const text = (kind: string, content: string, dx: number, dy: number) =>
    content === "" ? "" : `<text class="${kind}" x="${round(left + dx)}" y="${top + dy}">${escapeXml(content)}</text>`;
  const end = width - padding.right;
  return [
    `<g><title>${escapeXml(title)}</title>`,
    `<rect class="box" x="${left}" y="${top}" width="${width}" height="${boxHeight}" rx="6"/>`,
    `<rect class="stripe-${family}" x="${left + 5}" y="${top + 7}" width="4" height="${boxHeight - 14}" rx="2"/>`,
    text("type", type, padding.left, 20),
    text("name", name, end, 20),
    text("shape", shape, padding.left, 38),
    text("count", count, end, 38),
    "</g>",
  ].join("");
}

/** A line that bends smoothly at the points it passes, and a tip where it ends. */
function drawEdge(points: readonly Point[]): string[] {
  const [start, ...rest] = points;
  const end = rest.at(-1);
  if (!start || !end) return [];
  // Straight down out of the box and into the other, whatever the bends between are.
  const stop = { x: end.x, y: end.y - 7 };
  const inner = [{ x: start.x, y: start.y + 9 }, ...rest.slice(0, -1), { x: end.x, y: end.y - 12 }];
  const bends = inner.map((point, index) => `Q${at(point)} ${at(middle(point, inner[index + 1] ?? stop))}`);
  const path = `M${at(start)} ${bends.join(" ")} L${at(stop)}`.replace(/\s+/g, " ");
  const tip = `M${at(end)} l-4.5,-8 l9,0 z`;
  return [`<path class="edge" d="${path}"/>`, `<path class="tip" d="${tip}"/>`];
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

const at = ({ x, y }: Point) => `${round(x)},${round(y)}`;

const round = (value: number) => Math.round(10 * value) / 10;
