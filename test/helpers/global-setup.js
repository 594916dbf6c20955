// Runs once before all tests. The tests import src/, but TensorFlow.js is the bundle in dist/vendor, and the
// integration tests run bin/dlctl, which is dist/.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

module.exports = async () => {
  const root = join(__dirname, "..", "..");
  if (!existsSync(join(root, "dist", "vendor", "addon.json"))) {
    throw new Error("dist/ is not built: run `npm test`, or `npm run build` first");
  }
  // Said once for all, so that a worker and a child process of a test agree.
  process.env.NO_COLOR = "1";
  // Without it libtensorflow reports each graph it loads; a test's own process.env would not reach it.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  delete process.env.FORCE_COLOR;
  // Tests leave the user's cache alone, and decode what they mean to decode.
  process.env.DLCTL_CACHE_LIMIT = "0";
};
