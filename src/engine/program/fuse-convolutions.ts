import { dataTypes } from "../graph/graph-builder";
import {
  insertBefore,
  nodeSource,
  type ProgramAttribute,
  type ProgramGraph,
  type ProgramNode,
  type ProgramSource,
  replaceOutput,
  soleUserOf,
} from "./program-graph";

/** Convolutions of images with their bias, relu and pooling by 2 x 2 become one operation (native/ops/convolution.cc). */
export function fuseConvolutions(graph: ProgramGraph): void {
  for (const convolution of [...graph.nodes]) {
    if (convolution.op !== "Conv2D" || !isPlain(convolution)) continue;
    const biased = follower(graph, convolution, "BiasAdd");
    const activated = follower(graph, biased ?? convolution, "Relu");
    const pooled = activated && follower(graph, activated, "MaxPool");
    const isPooled = pooled !== undefined && halves(pooled);
    const last = (isPooled ? pooled : undefined) ?? activated ?? biased ?? convolution;
    const [, strideY = 1, strideX = 1] = ints(convolution.attributes.strides);
    const fused: ProgramNode = {
      op: "DlctlConvolution",
      attributes: {
        stride_y: { int: strideY },
        stride_x: { int: strideX },
        same: { bool: text(convolution.attributes.padding) === "SAME" },
        relu: { bool: activated !== undefined },
        pooled: { bool: isPooled },
        codes: { bool: false },
      },
      inputs: [...convolution.inputs, biased ? (biased.inputs[1] as ProgramSource) : noBias],
      outputCount: 2,
    };
    insertBefore(graph, last, [fused]);
    replaceOutput(graph, last, nodeSource(fused));
  }
}

const noBias: ProgramSource = {
  from: "constant",
  constant: { shape: [0], dtype: dataTypes.float32, data: new Float32Array(0) },
};

function follower(graph: ProgramGraph, node: ProgramNode, op: string): ProgramNode | undefined {
  const user = soleUserOf(graph, node);
  return user?.op === op ? user : undefined;
}

const ints = (attribute: ProgramAttribute | undefined) => (attribute && "ints" in attribute ? attribute.ints : []);
const text = (attribute: ProgramAttribute | undefined) => (attribute && "text" in attribute ? attribute.text : "");

function isPlain({ attributes }: ProgramNode): boolean {
  return (
    text(attributes.data_format) === "NHWC" &&
    ["SAME", "VALID"].includes(text(attributes.padding)) &&
    ints(attributes.dilations).every((step) => step === 1)
  );
}

function halves({ attributes }: ProgramNode): boolean {
  const isByTwo = [attributes.ksize, attributes.strides].every((size) => ints(size).join() === "1,2,2,1");
  return isByTwo && text(attributes.padding) === "VALID" && text(attributes.data_format) === "NHWC";
}
