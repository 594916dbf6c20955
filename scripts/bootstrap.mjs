// `npm start` and `npm test` on a fresh clone: brings everything to the point where the command proper can run, skipping
// what is there. Uses nothing but Node's own modules, because node_modules may not exist yet.
//
//   node scripts/bootstrap.mjs prepare            install, build, set up the native runtime
//   node scripts/bootstrap.mjs start [args...]    prepare, then the quickstart
//   node scripts/bootstrap.mjs test [args...]     prepare, then jest with these arguments
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceState, stampName } from "./source-state.mjs";

const oldestNode = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const say = (text) => console.error(`\n> ${text}`);

/** Ends the process with one plain message: what is missing and what to do. */
function giveUp(problem, advice) {
  console.error(`\n${problem}\n  ${advice}`);
  process.exit(7);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error) console.error(error.message);
  return status ?? 1;
}

const runNode = (...args) => run(process.execPath, args);

/** npm as it was called, so that a machine with several uses the same; `npm` on the path when called directly. */
function runNpm(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith(".js") ? runNode(script, ...args) : run("npm", args);
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < oldestNode) {
    giveUp(`dlctl needs Node.js ${oldestNode} or newer; this is ${process.version}.`, "Install one from nodejs.org.");
  }
}

const readStamp = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

function isNewer(file, other) {
  const info = statSync(join(root, file), { throwIfNoEntry: false });
  return info !== undefined && info.mtimeMs >= statSync(join(root, other)).mtimeMs;
}

function install() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const stamp = createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
  const stampPath = join(root, "node_modules", ".dlctl-installed");
  if (readStamp(stampPath) === stamp || isNewer("node_modules/.package-lock.json", "package-lock.json")) return;
  say("Installing npm packages (npm ci; none of their install scripts is run)");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  // A lock that lacks other platforms' binaries makes `npm ci` refuse; installing without saving takes the same versions.
  if (runNpm("ci", ...flags) !== 0 && runNpm("install", "--no-save", ...flags) !== 0) {
    giveUp(
      "npm could not install the packages.",
      "Is the npm registry reachable (npm ping)? A mirror: npm config set registry <url>",
    );
  }
  writeFileSync(stampPath, stamp);
}

function build() {
  if (readStamp(join(root, "dist", stampName)) === sourceState()) return;
  say("Building");
  if (runNode("scripts/build.mjs") !== 0) giveUp("The build failed.", "The lines above say where.");
}

/** Without libtensorflow everything still works, on the js device. */
function setUpRuntime() {
  say("Native runtime (dlctl setup)");
  if (runNode("bin/dlctl", "setup") === 0) return;
  console.error(
    "\nGoing on without libtensorflow: the js device computes, right but slow. Tests that need libtensorflow are skipped.",
  );
}

function prepare() {
  requireNode();
  install();
  build();
  setUpRuntime();
}

const [command = "prepare", ...rest] = process.argv.slice(2);
const commands = {
  prepare: () => 0,
  start: () => runNode("scripts/quickstart.mjs", ...rest),
  test: () => runNode("node_modules/jest/bin/jest.js", ...rest),
};
if (!Object.hasOwn(commands, command))
  giveUp(`Unknown step "${command}".`, `Known: ${Object.keys(commands).join(", ")}`);
prepare();
process.exitCode = commands[command]();
