/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "<rootDir>/test/helpers/environment.js",
  globalSetup: "<rootDir>/test/helpers/global-setup.js",
  transform: {
    "\\.tsx?$": [
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
