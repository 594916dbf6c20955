import type { ProgramLibrary } from "../../runtime/program-library";
import { dataTypes } from "../graph/graph-builder";
import type { RecordedConstant } from "../graph/recording";
import type { ProgramInput } from "./program";
import type { ProgramAttribute, ProgramGraph, ProgramNode, ProgramSource } from "./program-graph";
import { ProgramWriter } from "./program-writer";

const headerSize = 48;
/** That of native/program/program.cc. */
const version = 1;
/** Of constants among the others, so that vectors of them lie in one line of a cache. */
const alignment = 64;

/**
 * The bytes that native/program/program.cc reads: a header with the checksum; inputs, constants, operations and results, by
 * numbers of values (inputs first, then constants, then what operations give); then the constants' numbers.
 */
export function encodeProgram(
  library: ProgramLibrary,
  graph: ProgramGraph,
  inputs: readonly ProgramInput[],
): Uint8Array {
  const constants = constantsOf(graph);
  const offsets: number[] = [];
  let end = 0;
  for (const { data } of constants) {
    offsets.push(end);
    end = roundUp(end + data.byteLength);
  }
  const code = new ProgramWriter();
  code.list(inputs, ({ name, dtype, shape }) => code.text(name).unsigned(dataTypes[dtype]).sizes(shape));
  code.list(constants, ({ dtype, shape }, at) =>
    code
      .unsigned(dtype)
      .sizes(shape)
      .long(offsets[at] as number),
  );
  const values = numberValues(graph, inputs, constants);
  code.list(graph.nodes, (node) => {
    code.text(node.op);
    code.list(Object.entries(node.attributes), ([name, attribute]) => writeAttribute(code.text(name), attribute));
    code.list(node.inputs, (source) => code.unsigned(values(source)));
    code.unsigned(node.outputCount);
  });
  code.list([...graph.results], ([name, source]) => code.text(name).unsigned(values(source)));
  return join(library, code.bytes(), constants, offsets, end);
}

function join(
  library: ProgramLibrary,
  code: Uint8Array,
  constants: readonly RecordedConstant[],
  offsets: readonly number[],
  end: number,
): Uint8Array {
  const constantsAt = roundUp(headerSize + code.length);
  const bytes = new Uint8Array(constantsAt + end);
  const header = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("DLCTLPRG"));
  header.setUint32(8, version, true);
  header.setBigUint64(24, BigInt(constantsAt), true);
  header.setBigUint64(32, BigInt(bytes.length), true);
  bytes.set(code, headerSize);
  constants.forEach(({ data }, at) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), constantsAt + (offsets[at] as number));
  });
  header.setBigUint64(16, library.programChecksum(bytes), true);
  return bytes;
}

function constantsOf(graph: ProgramGraph): RecordedConstant[] {
  const sources = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.results.values()];
  return [...new Set(sources.flatMap((source) => (source.from === "constant" ? [source.constant] : [])))];
}

function numberValues(
  graph: ProgramGraph,
  inputs: readonly ProgramInput[],
  constants: readonly RecordedConstant[],
): (source: ProgramSource) => number {
  const ofInput = new Map(inputs.map(({ name }, at) => [name, at]));
  const ofConstant = new Map(constants.map((constant, at) => [constant, inputs.length + at]));
  const ofNode = new Map<ProgramNode, number>();
  let next = inputs.length + constants.length;
  for (const node of graph.nodes) {
    ofNode.set(node, next);
    next += node.outputCount;
  }
  return (source) => {
    if (source.from === "node") return (ofNode.get(source.node) as number) + source.output;
    return (source.from === "input" ? ofInput.get(source.name) : ofConstant.get(source.constant)) as number;
  };
}

function writeAttribute(code: ProgramWriter, attribute: ProgramAttribute): void {
  if ("int" in attribute) code.unsigned(0).long(attribute.int);
  else if ("float" in attribute) code.unsigned(1).float(attribute.float);
  else if ("bool" in attribute) code.unsigned(2).unsigned(attribute.bool ? 1 : 0);
  else if ("ints" in attribute) code.unsigned(3).list(attribute.ints, (value) => code.long(value));
  else code.unsigned(4).text(attribute.text);
}

const roundUp = (size: number) => Math.ceil(size / alignment) * alignment;
