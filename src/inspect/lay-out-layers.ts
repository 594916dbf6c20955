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

/** Above it, ranks are found by the quick way: the thorough one takes time that grows with the square. */
const manyLayers = 300;

/** Places the layers from top to bottom, each below those whose outputs it takes, in boxes of `box` size. */
export function layOutLayers(layers: readonly LayerDescription[], box: BoxSize): LayersLayout {
  const graph = new Graph();
  const ranker = layers.length > manyLayers ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "TB", nodesep: 28, edgesep: 18, ranksep: 26, marginx: 16, marginy: 16, ranker });
  // Numbers, as names are anything, and some mean something to the library.
  const numbers = new Map(layers.map(({ name }, index) => [name, String(index)]));
  for (const number of numbers.values()) graph.setNode(number, { ...box });
  for (const { name, inputs } of layers) {
    for (const input of inputs) graph.setEdge(numbers.get(input) as string, numbers.get(name) as string, {});
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<BoxSize>;
  return {
    width,
    height,
    boxes: Array.from(numbers.values(), (number) => pointOf(graph.node(number) as Point)),
    edges: graph.edges().map((edge: DrawnEdge) => (graph.edge(edge) as Bends).points.map(pointOf)),
  };
}

/** The library's own types do not reach through its package. */
interface DrawnEdge {
  readonly v: string;
  readonly w: string;
}

interface Bends {
  readonly points: readonly Point[];
}

const pointOf = ({ x, y }: Point): Point => ({ x, y });
