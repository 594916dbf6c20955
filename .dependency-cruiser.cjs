// Imports point only downward: bin -> cli -> commands -> capabilities -> checkpoint, config -> model, data -> runtime -> shared.
const layers = [
  ["cli"],
  ["commands"],
  // They listen to training's events.
  ["dashboard", "mlflow"],
  [
    "train",
    "predict",
    "evaluate",
    "explain",
    "data-view",
    "export",
    "serve",
    "tune",
    "bench",
    "compare",
    "report",
    "plan",
    "inspect",
    "import",
    "init",
    "validate",
  ],
  ["engine"],
  ["checkpoint", "config"],
  ["model", "data", "objectives", "optimization"],
  ["runtime"],
  ["shared"],
];

const pathOf = (names) => `^src/(${names.join("|")})(/|\\.ts$)`;

const downward = layers.slice(1).map((names, index) => ({
  name: `no-upward-import-from-${names[0]}`,
  comment: `src/${names.join(", src/")} may not import from a layer above`,
  severity: "error",
  from: { path: pathOf(names) },
  to: { path: pathOf(layers.slice(0, index + 1).flat()) },
}));

/** `name` may be imported by files that match `allowed` only. */
const only = (name, allowed) => ({
  name: `${name.replace(/\W+/g, "-")}-only-in-its-place`,
  severity: "error",
  from: { path: "^src", pathNot: allowed },
  to: { path: `(^|node_modules/)${name}(/|$)` },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^#" } },
    ...downward,
    only("commander", "^src/(cli|commands)/"),
    only("sharp", "^src/data/"),
    only("@tensorflow", "^src/runtime/"),
    {
      name: "tfjs-only-through-runtime",
      severity: "error",
      from: { path: "^src", pathNot: "^src/runtime/" },
      to: { path: "^(src|dist)/(runtime/)?vendor/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
