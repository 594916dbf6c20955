import { dataTypes, type GraphBuilder, type NodeInput } from "./graph-builder";

const float = { type: dataTypes.float32 };

/** Lets a step's updates happen, or not. */
export interface UpdateGate {
  /** The value, for one of an update's inputs: where the gate is shut, the update does not run. */
  guard(value: NodeInput): NodeInput;
  /** The step's result, after the updates where they happen: the statistics, and behind them 1 or 0 for open or shut. */
  result(statistics: NodeInput, updates: readonly string[]): NodeInput;
}

/**
 * A gate that is open where `condition`, a boolean scalar, is true. TensorFlow's old control flow (Switch and Merge) leaves out whatever takes
 * an output that did not come; an update behind it costs nothing then, and changes neither weights nor slots.
 */
export function addUpdateGate(graph: GraphBuilder, prefix: string, condition: NodeInput): UpdateGate {
  let count = 0;
  const split = (value: NodeInput) =>
    graph.add(`${prefix}/gate/${count++}`, "Switch", [value, condition], { T: float });
  return {
    guard: (value) => `${split(value)}:1`,
    result: (statistics, updates) => {
      const [boolean, int] = [{ type: dataTypes.bool }, { type: dataTypes.int32 }];
      const attributes = { SrcT: boolean, DstT: float, Truncate: { bool: false } };
      const flag = graph.add(`${prefix}/flag`, "Cast", [condition], attributes);
      const shape = { T: float, Tshape: int };
      const vector = graph.add(`${prefix}/flag/vector`, "Reshape", [`${flag}:0`, graph.intConstant([1])], shape);
      const joined = graph.add(`${prefix}/flagged`, "ConcatV2", [statistics, `${vector}:0`, graph.intConstant(0)], {
        N: { int: 2 },
        T: float,
        Tidx: int,
      });
      const either = split(`${joined}:0`);
      const after = updates.map((name) => `^${name}`);
      const updated = graph.add(`${prefix}/updated`, "Identity", [`${either}:1`, ...after], { T: float });
      const merged = graph.add(`${prefix}/merged`, "Merge", [`${updated}:0`, `${either}:0`], {
        N: { int: 2 },
        T: float,
      });
      return `${merged}:0`;
    },
  };
}
