import type { HostTensor } from "../../shared/host-tensor";
import { dataTypes, type GraphBuilder, type NodeInput } from "./graph-builder";
import type { GraphSession } from "./graph-session";

export interface GraphVariable {
  readonly name: string;
  readonly shape: readonly number[];
}

const float = { type: dataTypes.float32 };

/** The float32 variables of a graph: they live in its session, and steps read and change them there. */
export class GraphVariables {
  private readonly variables: GraphVariable[] = [];

  constructor(private readonly graph: GraphBuilder) {}

  /** Adds a variable, which holds nothing until `set`. Returns the name of the node that is its handle. */
  add(name: string, shape: readonly number[]): string {
    this.variables.push({ name, shape });
    this.graph.add(name, "VarHandleOp", [], { dtype: float, shape: { shape }, shared_name: { string: name } });
    this.graph.add(`${name}/fed`, "Placeholder", [], { dtype: float, shape: { shape } });
    // Without the copy the variable would share memory with a JavaScript array that goes on changing.
    this.graph.add(`${name}/copy`, "DeepCopy", [`${name}/fed:0`], { T: float });
    this.graph.add(`${name}/assign`, "AssignVariableOp", [`${name}:0`, `${name}/copy:0`], { dtype: float });
    this.graph.add(`${name}/get`, "ReadVariableOp", [`${name}:0`], { dtype: float });
    return name;
  }

  /** A node that reads the variable for `prefix`: one read for all uses, so that a step sees one value throughout. */
  read(prefix: string, name: string): NodeInput {
    return `${this.graph.add(`${prefix}/read/${name}`, "ReadVariableOp", [`${name}:0`], { dtype: float })}:0`;
  }

  /** Adds the node that `setAll` runs; to be called when all variables are there. */
  finish(): void {
    const assigned = this.variables.map(({ name }) => `^${name}/assign`);
    this.graph.add("variables/set", "Identity", [this.graph.intConstant(0), ...assigned], {
      T: { type: dataTypes.int32 },
    });
  }

  /** Gives every variable its value. */
  setAll(session: GraphSession, hostValue: (name: string) => Float32Array): void {
    const fed = this.variables.map(({ name, shape }) => [`${name}/fed:0`, { data: hostValue(name), shape }] as const);
    session.run(Object.fromEntries(fed), ["variables/set:0"]);
  }

  /** Copies of the values of these variables, in this order. */
  get(session: GraphSession, names: readonly string[]): HostTensor<Float32Array>[] {
    if (names.length === 0) return [];
    return session.run(
      {},
      names.map((name) => `${name}/get:0`),
    ) as HostTensor<Float32Array>[];
  }
}
