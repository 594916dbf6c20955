import type { RecordedConstant } from "../graph/recording";

/** An attribute of an operation, by its kind in a program's file. */
export type ProgramAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

/** Where a value comes from. Constants are the same where they are the same object. */
export type ProgramSource =
  | { readonly from: "node"; readonly node: ProgramNode; readonly output: number }
  | { readonly from: "constant"; readonly constant: RecordedConstant }
  | { readonly from: "input"; readonly name: string };

/** An operation of a program that is being made. */
export interface ProgramNode {
  readonly op: string;
  readonly attributes: Readonly<Record<string, ProgramAttribute>>;
  inputs: ProgramSource[];
  readonly outputCount: number;
}

/** The operations of a program in an order in which they can run, and which values are its results. Passes change it in place. */
export interface ProgramGraph {
  nodes: ProgramNode[];
  readonly results: Map<string, ProgramSource>;
}

export const nodeSource = (node: ProgramNode, output = 0): ProgramSource => ({ from: "node", node, output });

/** Puts `source` in the place of the first output of `node`, wherever that is taken. */
export function replaceOutput(graph: ProgramGraph, node: ProgramNode, source: ProgramSource): void {
  const isReplaced = (other: ProgramSource) => other.from === "node" && other.node === node && other.output === 0;
  for (const user of graph.nodes) {
    if (user.inputs.some(isReplaced)) user.inputs = user.inputs.map((input) => (isReplaced(input) ? source : input));
  }
  for (const [name, result] of graph.results) if (isReplaced(result)) graph.results.set(name, source);
}

/** Puts nodes before another one. */
export function insertBefore(graph: ProgramGraph, before: ProgramNode, nodes: readonly ProgramNode[]): void {
  graph.nodes.splice(graph.nodes.indexOf(before), 0, ...nodes);
}

/** The nodes that take an output of `node`, each once; undefined where one is also a result. */
export function usersOf(graph: ProgramGraph, node: ProgramNode): ProgramNode[] | undefined {
  const isOwn = (source: ProgramSource) => source.from === "node" && source.node === node;
  if ([...graph.results.values()].some(isOwn)) return undefined;
  return graph.nodes.filter(({ inputs }) => inputs.some(isOwn));
}

/** The only node that takes anything of `node`, and takes it once, as its first input; undefined where there is no such. */
export function soleUserOf(graph: ProgramGraph, node: ProgramNode): ProgramNode | undefined {
  const [user, ...others] = usersOf(graph, node) ?? [];
  if (!user || others.length > 0) return undefined;
  const taken = user.inputs.filter((source) => source.from === "node" && source.node === node);
  return taken.length === 1 && user.inputs[0] === taken[0] ? user : undefined;
}

/** Leaves out what no result depends on. */
export function dropUnused(graph: ProgramGraph): void {
  const used = new Set<ProgramNode>();
  const visit = (source: ProgramSource) => {
    if (source.from === "node") used.add(source.node);
  };
  for (const source of graph.results.values()) visit(source);
  for (const node of [...graph.nodes].reverse()) if (used.has(node)) node.inputs.forEach(visit);
  graph.nodes = graph.nodes.filter((node) => used.has(node));
}

/** The constant that is this input; undefined where it is computed. */
export function constantOf(source: ProgramSource | undefined): RecordedConstant | undefined {
  return source?.from === "constant" ? source.constant : undefined;
}
