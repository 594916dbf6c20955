/** By these alone nothing that is computed becomes another. */
const harmless = new Set(["node", "dlctl"]);

const names: Readonly<Record<string, string>> = {
  ownOps: "dlctl's own operations",
  precision: "the precision of products",
};

/**
 * What computes now and is another than what `began` the run, in a sentence; undefined where all is the same. Of what the
 * run did not record nothing is said.
 */
export function describeVersionChanges(
  began: Readonly<Record<string, string | null>>,
  now: Readonly<Record<string, string | null>>,
): string | undefined {
  const changes = Object.entries(now)
    .filter(([name, version]) => !harmless.has(name) && began[name] !== undefined && began[name] !== version)
    .map(([name, version]) => `${names[name] ?? name} (${began[name] ?? "none"}, now ${version ?? "none"})`);
  if (changes.length === 0) return undefined;
  return `What computes has changed since the run began: ${changes.join(", ")}; the weights will differ in their last digits from those of a run in one go`;
}
