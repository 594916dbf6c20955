import { PassThrough, Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { createContext } from "../../../src/cli/create-context";
import { OutputClosedError } from "../../../src/cli/streams";
import { openTerminal } from "../../../src/cli/terminal";

function fakeTerminal({ isTTY = false, env = {} as NodeJS.ProcessEnv } = {}) {
  const make = () => Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const [stdout, stderr] = [make(), make()];
  const terminal = openTerminal(
    stdout as unknown as WriteStream,
    stderr as unknown as WriteStream,
    () => undefined,
    env,
  );
  return { terminal, out: () => String(stdout.read() ?? ""), err: () => String(stderr.read() ?? "") };
}

const signal = new AbortController().signal;

test("results go to stdout, all else to stderr", async () => {
  const { terminal, out, err } = fakeTerminal();
  const context = createContext(terminal, signal, {});
  context.print("result");
  await context.json({ not: "printed" });
  context.note("a note");
  context.warn("care");
  expect(out()).toBe("result\n");
  expect(err()).toBe("a note\nwarning: care\n");
});

test("--json: objects on stdout and nothing else there", async () => {
  const { terminal, out } = fakeTerminal();
  const context = createContext(terminal, signal, { json: true });
  context.print("for people");
  await context.json({ a: 1 });
  await context.json({ b: Number.NaN });
  expect(out()).toBe('{"a":1}\n{"b":null}\n');
});

test("--quiet: nothing on stderr, results as ever", () => {
  const { terminal, out, err } = fakeTerminal();
  const context = createContext(terminal, signal, { quiet: true });
  context.note("a note");
  context.warn("care");
  context.progress("x", 1).finish("summary");
  context.print("result");
  expect(err()).toBe("");
  expect(out()).toBe("result\n");
});

test("a line pushes the bar down and the bar is drawn again", () => {
  const { terminal, err } = fakeTerminal({ isTTY: true });
  terminal.surface.draw("bar");
  terminal.err("note");
  terminal.surface.draw("");
  terminal.err("end");
  expect(err()).toBe("bar\u001b[K\u001b[J" + "\r\u001b[Jnote\nbar" + "\r\u001b[J" + "end\n");
});

test.each([
  [{}, true],
  [{ NO_COLOR: "1" }, false],
  [{ TERM: "dumb" }, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, false],
])("colours on a terminal with %j: %s", (env, isColoured) => {
  const { terminal } = fakeTerminal({ isTTY: true, env });
  expect(terminal.errorColors.red("x") !== "x").toBe(isColoured);
});

test("no colours where there is no terminal, unless forced", () => {
  expect(fakeTerminal({ env: { CI: "1" } }).terminal.errorColors.red("x")).toBe("x");
  expect(fakeTerminal({ env: { FORCE_COLOR: "1" } }).terminal.errorColors.red("x")).not.toBe("x");
});

describe("a standard output that fails", () => {
  const failing = (code: string) =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

  test.each([
    ["EPIPE", OutputClosedError, /closed/],
    ["ENOSPC", Error, /Can't write to standard output: the disk is full/],
  ])("%s ends the work once, and no write waits for ever", async (code, type, message) => {
    const failures: Error[] = [];
    const stdout = failing(code) as unknown as WriteStream;
    const terminal = openTerminal(stdout, new PassThrough() as unknown as WriteStream, (error) => failures.push(error));
    await terminal.out("one");
    await terminal.out("two");
    await terminal.flush();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(type);
    expect(failures[0]?.message).toMatch(message);
  });
});
