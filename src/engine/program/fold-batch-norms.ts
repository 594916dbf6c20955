import type { RecordedConstant } from "../graph/recording";
import {
  constantOf,
  insertBefore,
  nodeSource,
  type ProgramGraph,
  type ProgramNode,
  replaceOutput,
  soleUserOf,
} from "./program-graph";

const convolutions = new Set(["Conv2D", "DepthwiseConv2dNative"]);

/** Batch normalization by averages right behind a convolution becomes part of its filter and its bias. */
export function foldBatchNorms(graph: ProgramGraph): void {
  for (const convolution of [...graph.nodes]) {
    if (!convolutions.has(convolution.op)) continue;
    const next = soleUserOf(graph, convolution);
    const biased = next?.op === "BiasAdd" ? next : undefined;
    const norm = biased ? soleUserOf(graph, biased) : next;
    const filter = constantOf(convolution.inputs[1]);
    const bias = biased && constantOf(biased.inputs[1]);
    if (norm?.op !== "FusedBatchNorm" || !filter || (biased && !bias)) continue;
    const affine = affineOf(norm, bias);
    if (affine) replaceOutput(graph, norm, nodeSource(fold(graph, convolution, norm, filter, affine)));
  }
}

interface Affine {
  readonly factors: Float64Array;
  readonly shifts: Float32Array;
}

/** What it multiplies each channel by, and adds then, of sums that have not been given their bias. */
function affineOf(norm: ProgramNode, bias: RecordedConstant | undefined): Affine | undefined {
  const [scale, offset, mean, variance] = norm.inputs.slice(1, 5).map((source) => constantOf(source)?.data);
  const { epsilon, is_training: trains } = norm.attributes as Record<string, { float?: number; bool?: boolean }>;
  if (!scale || !offset || !mean || !variance || epsilon?.float === undefined || trains?.bool !== false)
    return undefined;
  const factors = Float64Array.from(
    scale,
    (value, at) => value / Math.sqrt((variance[at] as number) + (epsilon.float as number)),
  );
  const shifts = Float32Array.from(offset, (value, at) => {
    const centre = (mean[at] as number) - (bias ? (bias.data[at] as number) : 0);
    return value - centre * (factors[at] as number);
  });
  return { factors, shifts };
}

function fold(
  graph: ProgramGraph,
  convolution: ProgramNode,
  norm: ProgramNode,
  filter: RecordedConstant,
  { factors, shifts }: Affine,
): ProgramNode {
  // Outputs are the last axis of a filter, and its last two where each channel has filters of its own.
  const scaled = Float32Array.from(filter.data, (value, at) => value * (factors[at % factors.length] as number));
  const own: ProgramNode = {
    ...convolution,
    inputs: [
      convolution.inputs[0] as ProgramNode["inputs"][number],
      { from: "constant", constant: { ...filter, data: scaled } },
    ],
  };
  const biased: ProgramNode = {
    op: "BiasAdd",
    attributes: {},
    inputs: [nodeSource(own), { from: "constant", constant: { shape: [shifts.length], dtype: 1, data: shifts } }],
    outputCount: 1,
  };
  insertBefore(graph, norm, [own, biased]);
  return biased;
}
