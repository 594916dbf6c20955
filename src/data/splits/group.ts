import { ConfigError } from "../../shared/errors";
import type { SplitName } from "../example-set";
import { seededOrder } from "../seeded-order";
import { type SplitMethod, share } from "./split-method";

export const group: SplitMethod = {
  description:
    "Drawn by the seed, group by group: rows with the same value in the column `by` (a patient, a device) stay together. The fractions are met as nearly as whole groups allow.",
  assign({ set, examples, validation, test, seed }) {
    const { group } = set;
    if (!group) {
      throw new ConfigError([
        {
          path: "data.split.method",
          message: "group needs a table with a column that tells the groups apart",
          hint: 'Name the column: "by": "patient". Only the csv source has one.',
        },
      ]);
    }
    const groups = membersOf(Array.from(examples, (example) => group(example)));
    const counts = { validation: share(examples.length, validation), test: share(examples.length, test) };
    const splits = new Array<SplitName>(examples.length).fill("train");
    const order = Array.from(seededOrder(groups.length, seed, "split"), (index) => groups[index] as number[]);
    let left = order;
    for (const name of ["validation", "test"] as const) {
      const taken = counts[name] > 0 ? fill(left, counts[name]) : new Set<number[]>();
      for (const positions of taken) for (const position of positions) splits[position] = name;
      left = left.filter((positions) => !taken.has(positions));
    }
    const needed = 1 + Number(counts.validation > 0) + Number(counts.test > 0);
    const isShort = groups.length < needed;
    return { splits, warnings: isShort ? [`there are only ${groups.length} groups for ${needed} splits`] : [] };
  },
};

/** Positions of each group's members, groups in the order of their first member. */
function membersOf(names: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [position, name] of names.entries()) {
    const members = groups.get(name);
    if (members) members.push(position);
    else groups.set(name, [position]);
  }
  return [...groups.values()];
}

/** Takes groups in turn while each brings the number of examples nearer to `wanted`; one stays behind, to train on. */
function fill(groups: readonly number[][], wanted: number): Set<number[]> {
  const taken = new Set<number[]>();
  let count = 0;
  for (const members of groups) {
    if (taken.size === groups.length - 1) break;
    if (Math.abs(count + members.length - wanted) > Math.abs(count - wanted)) continue;
    taken.add(members);
    count += members.length;
  }
  if (taken.size > 0 || groups.length < 2) return taken;
  // Every group is more than twice what is wanted: the smallest comes nearest.
  return new Set([groups.reduce((smallest, members) => (members.length < smallest.length ? members : smallest))]);
}
