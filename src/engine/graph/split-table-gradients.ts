import { type NamedWeight, recorded } from "./record-step";
import type { RecordedOp, Recording, ValueSource } from "./recording";

/**
 * The recording of a step where the gradients of tables from which rows were gathered (embeddings) are given by what they are
 * the sum of: instead of a gradient as large as the table its rows, and which row of the table each belongs to. Gradients that are
 * more than that (clipped, with a regularizer's share, of tables used twice) stay as they are.
 */
export function splitTableGradients(recording: Recording, weights: readonly NamedWeight[]): Recording {
  const results = { ...recording.results };
  for (const { name, shape } of weights) {
    const gradient = recorded.gradient(name);
    const sum = recording.results[gradient] && segmentSum(recording, recording.results[gradient]);
    if (!sum) continue;
    const [rows, ids, count] = sum.inputs as [ValueSource, ValueSource, ValueSource];
    if (constantOf(recording, count)?.[0] !== shape[0]) continue;
    delete results[gradient];
    results[recorded.gradientRows(name)] = rows;
    results[recorded.gradientIds(name)] = ids;
  }
  return { ...recording, results };
}

/** The UnsortedSegmentSum that the value is, through transpositions that change nothing, which tfjs's gradient puts behind it. */
function segmentSum(recording: Recording, source: ValueSource): RecordedOp | undefined {
  const op = source.from === "op" ? recording.ops[source.op] : undefined;
  if (op?.op === "UnsortedSegmentSum") return op;
  const [input, order] = op?.op === "Transpose" ? op.inputs : [];
  const leavesOrder = order && constantOf(recording, order)?.every((axis, index) => axis === index);
  return input && leavesOrder ? segmentSum(recording, input) : undefined;
}

function constantOf(recording: Recording, source: ValueSource): number[] | undefined {
  const data = source.from === "constant" ? recording.constants[source.constant]?.data : undefined;
  return data && Array.from(data);
}
