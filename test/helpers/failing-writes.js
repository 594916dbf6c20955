// Makes a write to the disk fail as a full or broken disk would: for tests in this process, and for any other Node.js program by
// `node --require`, with what to fail in DLCTL_FAILING_WRITES as JSON.
const fs = require("node:fs");
const promises = require("node:fs/promises");
const path = require("node:path");

const ofPaths = ["appendFile", "link", "mkdir", "mkdtemp", "open", "rename", "rm", "rmdir", "writeFile"];
const ofHandles = ["appendFile", "sync", "write", "writeFile"];
const removals = new Set(["rm", "rmdir"]);
/** Removing is what a full disk still does. */
const isSpared = (code, operation) => code === "ENOSPC" && removals.has(operation);

/**
 * From now on the `nth` write (from 1) into `folder` fails with `code`; with `isLasting` all later ones, too. A write that fails for
 * want of space has written half of it; with the code SIGKILL the process is killed then. `fired` tells which it was.
 */
function failWrites({ folder, nth, code, isLasting = false, log }) {
  const originals = Object.fromEntries(ofPaths.map((name) => [name, promises[name]]));
  const root = path.resolve(folder);
  let count = 0;
  let fired;

  const isInside = (file) => typeof file === "string" && path.resolve(file).startsWith(root);
  const isDue = (operation, file) => {
    if (isSpared(code, operation)) return false;
    count += 1;
    if (count !== nth && !(isLasting && count > nth)) return false;
    fired ??= `${operation} ${path.relative(root, file)}`;
    if (log) fs.writeFileSync(log, fired);
    return true;
  };
  const isHalfDone = code === "ENOSPC" || code === "SIGKILL";
  const failure = (operation, file) => {
    if (code === "SIGKILL") process.kill(process.pid, code);
    return Object.assign(new Error(`${code}: injected, ${operation} '${file}'`), {
      code,
      syscall: operation,
      path: file,
    });
  };
  const half = (data) => data.slice(0, Math.floor(data.length / 2));

  const watchHandle = (handle, file) => {
    for (const name of ofHandles) {
      const original = handle[name].bind(handle);
      handle[name] = async (...args) => {
        if (!isDue(name, file)) return original(...args);
        if (isHalfDone && name !== "sync") await original(half(args[0]));
        throw failure(name, file);
      };
    }
    return handle;
  };

  for (const name of ofPaths) {
    promises[name] = async (file, ...args) => {
      const isReading = name === "open" && (args[0] ?? "r") === "r";
      if (!isInside(file)) return originals[name](file, ...args);
      if (!isReading && isDue(name, file)) {
        if (isHalfDone && /File$/.test(name)) await originals[name](file, half(args[0]), ...args.slice(1));
        throw failure(name, file);
      }
      const result = await originals[name](file, ...args);
      return name === "open" ? watchHandle(result, file) : result;
    };
  }
  return {
    get fired() {
      return fired;
    },
    stop: () => void Object.assign(promises, originals),
  };
}

if (process.env.DLCTL_FAILING_WRITES) failWrites(JSON.parse(process.env.DLCTL_FAILING_WRITES));

module.exports = { failWrites };
