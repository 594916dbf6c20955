import type { ModelWeight } from "./weight-names";

/** Variables larger than this are updated alone: joining them costs more in copies than it saves in calls. */
const largestJoined = 1 << 16;

export interface GroupedVariable {
  readonly name: string;
  readonly weight: ModelWeight;
  readonly shape: readonly number[];
  readonly size: number;
}

/** Variables that the optimizer updates in one go, joined to one vector; or a single one as it is. */
export interface VariableGroup {
  readonly variables: readonly GroupedVariable[];
  readonly isDecayed: boolean;
}

/** Small variables joined, as an update is element by element; large ones alone. */
export function groupVariables(variables: readonly GroupedVariable[]): VariableGroup[] {
  const groups: VariableGroup[] = [];
  for (const isDecayed of [true, false]) {
    const own = variables.filter(({ shape }) => shape.length > 1 === isDecayed);
    const small = own.filter(({ size }) => size <= largestJoined);
    if (small.length > 0) groups.push({ variables: small, isDecayed });
    for (const variable of own) if (variable.size > largestJoined) groups.push({ variables: [variable], isDecayed });
  }
  return groups;
}
