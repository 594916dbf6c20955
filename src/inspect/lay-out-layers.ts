import { Graph, layout } from "@dagrejs/dagre";
import type { LayerDescription } from "../model/describe-model";

/** A point of the drawing, from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayersLayout {
  readonly width: number;
  readonly height: number;
  /** Middles of the layers' boxes, in their order. */
  readonly boxes: readonly Point[];
  /** From the lower side of one box to the upper side of another. */
  readonly edges: readonly (readonly Point[])[];
}

interface BoxSize {
  readonly width: number;
  readonly height: number;
}

/** Around all of it. */
const margin = 16;

/** Above it, ranks are found by the quick way: the thorough one takes time that grows with the square. */
const manyLayers = 300;

/** Places the layers from top to bottom, each below those whose outputs it takes, in boxes of `box` size. */
export function layOutLayers(layers: readonly LayerDescription[], box: BoxSize): LayersLayout {
  const graph = new Graph();
  const ranker = layers.length > manyLayers ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "TB", nodesep: 28, edgesep: 18, ranksep: 30, ranker });
  // Numbers, as names are anything, and some mean something to the library.
  const numbers = new Map(layers.map(({ name }, index) => [name, String(index)]));
  for (const number of numbers.values()) graph.setNode(number, { ...box });
  for (const { name, inputs } of layers) {
    for (const input of inputs) graph.setEdge(numbers.get(input) as string, numbers.get(name) as string, {});
  }
  layout(graph);
  const boxes = Array.from(numbers.values(), (number) => graph.node(number) as Point);
  const edges: (readonly Point[])[] = graph.edges().map((edge: DrawnEdge) => (graph.edge(edge) as Bends).points);
  // The library measures its boxes alone, and lines may go around all of them.
  const bends = edges.flat();
  const along = (axis: "x" | "y", size: number) =>
    rangeOf([...boxes.flatMap((at) => [at[axis] - size / 2, at[axis] + size / 2]), ...bends.map((at) => at[axis])]);
  const [left, right] = along("x", box.width);
  const [top, bottom] = along("y", box.height);
  const moved = ({ x, y }: Point): Point => ({ x: x - left + margin, y: y - top + margin });
  return {
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
    boxes: boxes.map(moved),
    edges: edges.map((points) => points.map(moved)),
  };
}

function rangeOf(values: readonly number[]): readonly [least: number, most: number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** The library's own types do not reach through its package. */
interface DrawnEdge {
  readonly v: string;
  readonly w: string;
}

interface Bends {
  readonly points: readonly Point[];
}
