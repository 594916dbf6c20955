// Proves that the package works as users get it: packed, installed globally into an empty prefix, outside the
// repository, with an empty cache. `npm run check:package`; about two minutes with a fast connection.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dlctlRunner, smokeTest } from "./smoke.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "dlctl-package-"));
const prefix = join(folder, "prefix");
const work = join(folder, "work");
const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), NODE_PATH: "" };
const say = (text) => console.log(`${text} (${Math.round(performance.now() / 1000)} s)`);

try {
  mkdirSync(work);
  // .npmrc turns scripts off, and with them prepack, which builds.
  execFileSync("npm", ["pack", "--loglevel=error", "--ignore-scripts=false", "--pack-destination", folder], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  );
  say(`packed: ${(statSync(tarball).size / 1e6).toFixed(2)} MB`);
  // From the folder outside: the repository's .npmrc must not be what makes it work.
  const install = ["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund", tarball];
  execFileSync("npm", install, { cwd: work, env, stdio: ["ignore", "ignore", "inherit"] });
  say("installed into an empty prefix");
  const dlctl = dlctlRunner([join(prefix, "bin", "dlctl")], { env, cwd: work });
  const setup = JSON.parse(dlctl("setup", "--json"));
  say(`set up: libtensorflow ${setup.libtensorflow}, ${setup.source}`);
  await smokeTest(dlctl, work, "cpu");
  say("init, train and predict work");
  dlctl("setup", "--remove");
  dlctl("cache", "--clear");
  // What V8 compiled stays, as any command leaves it there; and so do empty folders.
  const cache = join(folder, "cache", "dlctl");
  const left = readdirSync(cache).filter((name) => name !== "code" && readdirSync(join(cache, name)).length > 0);
  if (left.length > 0) throw new Error(`setup --remove and cache --clear left ${left.join(", ")}`);
  say("removed again");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
