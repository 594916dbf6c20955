// Preloaded into a dlctl process (NODE_OPTIONS=--require ...): writes the names of the shared libraries that are in memory when
// it ends to the file LIBRARIES, one a line. On Linux only.
const { readFileSync, writeFileSync } = require("node:fs");

process.on("exit", () => {
  const names = readFileSync("/proc/self/maps", "utf8").match(/[^/\n]+\.(so|node)[.\d]*$/gm) ?? [];
  writeFileSync(process.env.LIBRARIES, [...new Set(names)].join("\n"));
});
