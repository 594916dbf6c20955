import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { ConfigError } from "../shared/errors";
import { didYouMean } from "../shared/nearest-names";
import { JsonProblem, parseJson } from "./parse-json";

/** A config is written by people; more than this is some other file. */
const largestBytes = 8 * 2 ** 20;

/** The JSON value in the file at `path`. Throws ConfigError when it is missing, unreadable, no text or not JSON. */
export async function readConfigFile(path: string): Promise<unknown> {
  const text = decode(await readBytes(path), path);
  if (text.trim() === "") {
    throw new ConfigError(`The config ${path} is empty`, { hint: "`dlctl init` writes one to begin with." });
  }
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    throw new ConfigError(describeJsonProblem(error, text, path), { cause: error });
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw await folderError(path);
    if (info.isCharacterDevice() || info.isBlockDevice())
      throw new ConfigError(`${path} is a device, not a config file`);
    if (info.size > largestBytes) {
      throw new ConfigError(`${path} is no config: it has ${(info.size / 2 ** 20).toFixed(0)} MiB`, {
        hint: "A config is a small JSON file; the data it trains on is named in it.",
      });
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw await unreadable(error as NodeJS.ErrnoException, path);
  }
}

async function folderError(path: string): Promise<ConfigError> {
  const names: readonly string[] = await readdir(path).catch(() => []);
  const config = names.includes("config.json") ? "config.json" : names.find((name) => extname(name) === ".json");
  return new ConfigError(`${path} is a folder; a config file is needed`, {
    hint: names.includes("dlctl.json")
      ? "It is a model folder: dlctl predict, evaluate and inspect take it."
      : config
        ? `Is it ${join(path, config)}?`
        : "`dlctl init` writes a config.",
  });
}

async function unreadable(error: NodeJS.ErrnoException, path: string): Promise<ConfigError> {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    const names: readonly string[] = await readdir(dirname(path)).catch(() => []);
    const near = didYouMean(basename(path), names);
    return new ConfigError(`There is no config file ${path}`, {
      hint: near
        ? near.charAt(0).toUpperCase() + near.slice(1)
        : "Check the path; `dlctl init` writes a config to begin with.",
      cause: error,
    });
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new ConfigError(`The config ${path} may not be read by this user`, {
      hint: `chmod +r ${path}`,
      cause: error,
    });
  }
  return new ConfigError(`The config ${path} can't be read: ${error.message}`, { cause: error });
}

function decode(bytes: Buffer, path: string): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) throw new ConfigError(`The config ${path} is in UTF-16`, { hint: "Save it as UTF-8." });
  try {
    if (!bytes.includes(0)) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: said below.
  }
  throw new ConfigError(`${path} is not a text file in UTF-8, so it is no config`, {
    hint: "A config is a JSON file, saved as UTF-8.",
  });
}

/** Two lines more than the message: the line of the file, and a caret under the place. */
function describeJsonProblem({ message, offset }: JsonProblem, text: string, path: string): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  const lineNumber = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const line = text.split(/\r\n|\n|\r/)[lineNumber - 1] ?? "";
  // A window around the place: a config may be on a single line of any length.
  const from = Math.max(0, column - 60);
  const shown = line.slice(from, from + 100).replaceAll("\t", " ");
  const gutter = `${lineNumber} | `;
  return [
    `${path}:${lineNumber}:${column} is not valid JSON: ${message}`,
    `  ${gutter}${shown}`,
    `  ${" ".repeat(gutter.length + column - 1 - from)}^`,
  ].join("\n");
}
