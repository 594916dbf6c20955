import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { reportError } from "../../../src/cli/report-error";
import { OutputClosedError } from "../../../src/cli/streams";
import { openTerminal } from "../../../src/cli/terminal";
import {
  ConfigError,
  DataError,
  DivergedError,
  EnvironmentError,
  InterruptedError,
  ModelFolderError,
  UsageError,
} from "../../../src/shared/errors";

const live = new AbortController().signal;

/** What is told about an error, and the exit code. */
function report(error: unknown, { signal = live, isVerbose = false } = {}) {
  const stderr = new PassThrough();
  const terminal = openTerminal(
    new PassThrough() as unknown as WriteStream,
    stderr as unknown as WriteStream,
    () => undefined,
  );
  const code = reportError(terminal, error, { signal, isVerbose });
  return { code, text: String(stderr.read() ?? "") };
}

test.each([
  [new UsageError("a"), 2],
  [new ConfigError("a"), 3],
  [new DataError("a"), 4],
  [new ModelFolderError("a"), 5],
  [new DivergedError("a"), 6],
  [new EnvironmentError("a"), 7],
])("%s exits with %d and one line", (error, code) => {
  expect(report(error)).toEqual({ code, text: "error: a\n" });
});

test("a hint is the second line", () => {
  expect(report(new DataError("x.png is empty", { hint: "Remove it." })).text).toBe(
    "error: x.png is empty\n  Remove it.\n",
  );
});

test("what is in a file's name can't act on the terminal, nor make a line of its own", () => {
  const error = new DataError("a\u001b[2J\nerror: b\udcff\u202e.png is empty", { hint: "Remove\r it." });
  expect(report(error).text).toBe("error: a\\x1b[2J\\nerror: b\\xff\\u202e.png is empty\n  Remove\\x0d it.\n");
});

test("a config's only problem stands on the first line, with its own hint", () => {
  const error = new ConfigError([{ path: "train.epochs", message: "expected a whole number", hint: "Write 3." }]);
  expect(report(error).text).toBe("error: train.epochs: expected a whole number\n  Write 3.\n");
});

test("a config's problems are listed with path and hint", () => {
  const problems = [
    { path: "name", message: "is missing" },
    { path: "model.layers[3].units", message: "expected a number", hint: "Write 3." },
  ];
  expect(report(new ConfigError(problems, { hint: "See docs/config.md." })).text).toBe(
    [
      "error: The config has 2 problems",
      "  name: is missing",
      "  model.layers[3].units: expected a number",
      "    Write 3.",
      "  See docs/config.md.",
      "",
    ].join("\n"),
  );
});

test("interruption is no error", () => {
  const error = new InterruptedError("Interrupted in epoch 2", { hint: "Go on: dlctl train --resume m" });
  expect(report(error)).toEqual({
    code: 130,
    text: "stopped: Interrupted in epoch 2\n  Go on: dlctl train --resume m\n",
  });
});

test("an abort that Node's own functions throw is the interruption that caused it", () => {
  const signal = AbortSignal.abort(new InterruptedError("Interrupted"));
  const error = Object.assign(new Error("The operation was aborted"), { name: "AbortError", code: "ABORT_ERR" });
  expect(report(error, { signal })).toEqual({ code: 130, text: "stopped: Interrupted\n" });
  expect(report(error).code).toBe(1);
});

test("a reader that has gone is told nothing", () => {
  expect(report(new OutputClosedError())).toEqual({ code: 0, text: "" });
});

test.each([
  [
    Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", path: "/m/w.bin" }),
    "/m/w.bin: the disk is full",
  ],
  [new Error("OOM when allocating tensor with shape[9999,9999]"), "There is not enough memory for this step"],
])("%s is the environment's fault", (error, message) => {
  const { code, text } = report(error);
  expect(code).toBe(7);
  expect(text).toContain(`error: ${message}`);
  expect(text).not.toMatch(/^\s+at /m);
});

test.each([[new TypeError("x is undefined")], ["a string"], [undefined]])(
  "a bug (%s) says so and exits with 1",
  (bug) => {
    const { code, text } = report(bug);
    expect(code).toBe(1);
    expect(text).toContain("internal error (a bug in dlctl");
    expect(text).toContain(process.version);
    if (bug instanceof Error) expect(text).toMatch(/TypeError: x is undefined\n\s+at /);
  },
);

test("--verbose shows the stack and the cause of a user's error", () => {
  const error = new DataError("x.png is damaged", { cause: new Error("VipsJpeg: premature end") });
  const { text } = report(error, { isVerbose: true });
  expect(text).toMatch(/^error: x.png is damaged\n/);
  expect(text).toMatch(/caused by Error: VipsJpeg: premature end\n\s+at /);
});
