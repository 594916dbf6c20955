/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "<rootDir>/test/helpers/environment.js",
  resolver: "<rootDir>/test/helpers/resolve-source.js",
  globalSetup: "<rootDir>/test/helpers/global-setup.js",
  // d3 is written in ES modules alone, which Jest does not load.
  transformIgnorePatterns: ["/node_modules/(?!(d3-[^/]+|internmap)/)"],
  transform: {
    "\\.tsx?$|node_modules/(d3-[^/]+|internmap)/.*\\.m?js$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/models/", "<rootDir>/data/", "<rootDir>/dist\\."],
  // libtensorflow takes all cores in each worker: more workers than this only wait for each other.
  maxWorkers: 2,
  testTimeout: 30_000,
};
