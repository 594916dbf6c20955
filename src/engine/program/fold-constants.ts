import type { ProgramLibrary } from "../../runtime/program-library";
import { dataTypes } from "../graph/graph-builder";
import type { RecordedConstant } from "../graph/recording";
import { encodeProgram } from "./encode-program";
import { openProgram } from "./program";
import { nodeSource, type ProgramGraph, type ProgramNode, replaceOutput } from "./program-graph";

/** Computes once, by a program of their own, what depends on constants alone. Throws ProgramError where that can't be run. */
export function foldConstants(library: ProgramLibrary, graph: ProgramGraph): void {
  const folded = new Set<ProgramNode>();
  for (const node of graph.nodes) {
    const isFolded =
      node.inputs.length > 0 &&
      node.outputCount === 1 &&
      node.inputs.every((source) => source.from === "constant" || (source.from === "node" && folded.has(source.node)));
    if (isFolded) folded.add(node);
  }
  const isTaken = (node: ProgramNode) =>
    [
      ...graph.results.values(),
      ...graph.nodes.filter((user) => !folded.has(user)).flatMap(({ inputs }) => inputs),
    ].some((source) => source.from === "node" && source.node === node);
  const taken = [...folded].filter(isTaken);
  if (taken.length === 0) return;
  const results = new Map(taken.map((node, at) => [String(at), nodeSource(node)]));
  const part: ProgramGraph = { nodes: [...folded], results };
  const values = openProgram(library, encodeProgram(library, part, [])).run({});
  taken.forEach((node, at) => {
    const { data, shape } = values[at] as { data: RecordedConstant["data"]; shape: readonly number[] };
    replaceOutput(graph, node, { from: "constant", constant: { shape, dtype: typeOf(data), data } });
  });
  graph.nodes = graph.nodes.filter((node) => !folded.has(node));
}

/** Bytes are made of constants by comparisons only. */
function typeOf(data: RecordedConstant["data"]): number {
  if (data instanceof Float32Array) return dataTypes.float32;
  return data instanceof Int32Array ? dataTypes.int32 : dataTypes.bool;
}
