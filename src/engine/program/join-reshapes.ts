import { constantOf, type ProgramGraph, replaceOutput } from "./program-graph";

/** A reshape of what was reshaped before takes the first's input; one to the shape that a tensor has anyway is left where it is. */
export function joinReshapes(graph: ProgramGraph): void {
  for (const node of graph.nodes) {
    if (node.op !== "Reshape") continue;
    for (;;) {
      const [source] = node.inputs;
      if (source?.from !== "node" || source.node.op !== "Reshape") break;
      node.inputs = [source.node.inputs[0] as typeof source, node.inputs[1] as typeof source];
    }
    const constant = constantOf(node.inputs[0]);
    const shape = constantOf(node.inputs[1]);
    // Folded constants only: of whole shapes.
    if (constant && shape && Array.from(shape.data).join() === constant.shape.join())
      replaceOutput(graph, node, { from: "constant", constant });
  }
}
