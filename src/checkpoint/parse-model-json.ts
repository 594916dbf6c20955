/** Deeper than any model: config in config, layer in layer. */
const deepest = 100;

const quote = 0x22;
const backslash = 0x5c;
const openers = new Set([0x5b, 0x7b]);
const closers = new Set([0x5d, 0x7d]);

/**
 * The JSON value that a file of a model folder holds, which may come from anyone. Throws SyntaxError, with a message for
 * people, for what is no JSON or made to do harm: nesting without end, numbers beyond all numbers, a `__proto__`.
 */
export function parseModelJson(bytes: Uint8Array): unknown {
  requireShallow(bytes);
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  requireSound(value);
  return value;
}

/** Before it is parsed: what walks through a value calls itself for each level. */
function requireShallow(bytes: Uint8Array): void {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (isText) {
      if (byte === backslash) at++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (closers.has(byte)) depth--;
    else if (openers.has(byte) && ++depth > deepest) {
      throw new SyntaxError(`it is nested more than ${deepest} levels deep`);
    }
  }
}

function requireSound(value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new SyntaxError("a number in it is beyond all numbers");
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) throw new SyntaxError('it has a key "__proto__"');
  for (const each of Object.values(value)) requireSound(each);
}
