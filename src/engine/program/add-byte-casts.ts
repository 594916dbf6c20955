import { dataTypes } from "../graph/graph-builder";
import type { ProgramInput } from "./program";
import { nodeSource, type ProgramGraph, type ProgramNode, type ProgramSource } from "./program-graph";

/** Bytes were recorded as floats: here they become these first of all. */
export function addByteCasts(graph: ProgramGraph, inputs: readonly ProgramInput[]): void {
  for (const { name } of inputs.filter(({ dtype }) => dtype === "uint8")) {
    const cast: ProgramNode = {
      op: "Cast",
      attributes: { DstT: { int: dataTypes.float32 } },
      inputs: [{ from: "input", name }],
      outputCount: 1,
    };
    const replaced = (source: ProgramSource) =>
      source.from === "input" && source.name === name ? nodeSource(cast) : source;
    for (const node of graph.nodes) node.inputs = node.inputs.map(replaced);
    for (const [result, source] of graph.results) graph.results.set(result, replaced(source));
    graph.nodes.unshift(cast);
  }
}
