/** Text that is not JSON, or JSON that a config can't be made of. */
export class JsonProblem extends Error {
  /** `offset`: where in the text, in UTF-16 units. */
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const deepest = 100;
const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * As JSON.parse, but it says where and why in words that do not depend on Node's version, and refuses a key that is
 * given twice in an object (JSON.parse keeps the last and says nothing), `__proto__`, and nesting over 100 levels.
 * Throws JsonProblem.
 */
export function parseJson(text: string): unknown {
  return new JsonParser(text).parse();
}

class JsonParser {
  private at = 0;

  constructor(private readonly text: string) {}

  parse(): unknown {
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) this.fail(`there is more after the end: ${this.here()}`);
    return value;
  }

  private value(depth: number): unknown {
    this.skip();
    if (depth > deepest) this.fail(`it is nested more than ${deepest} levels deep`);
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(depth: number): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    this.at++;
    for (let isFirst = true; !this.takes("}"); isFirst = false) {
      if (!isFirst) this.comma("}", "an object");
      if (this.text[this.at] !== '"') this.fail(`a key in double quotes should stand here, not ${this.here()}`);
      const start = this.at;
      const key = this.string();
      if (key === "__proto__") this.fail('the key "__proto__" is not allowed', start);
      if (Object.hasOwn(entries, key)) this.fail(`the key ${JSON.stringify(key)} is given twice`, start);
      if (!this.takes(":")) this.fail(`a colon should follow the key ${JSON.stringify(key)}, not ${this.here()}`);
      entries[key] = this.value(depth + 1);
    }
    return entries;
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.at++;
    while (!this.takes("]")) {
      if (items.length > 0) this.comma("]", "a list");
      items.push(this.value(depth + 1));
    }
    return items;
  }

  /** Takes the comma between two entries; what `close` ends has none after its last one. */
  private comma(close: string, what: string): void {
    const start = this.at;
    if (!this.takes(",")) this.fail(`a comma or "${close}" should stand here, not ${this.here()}`);
    this.skip();
    if (this.text[this.at] === close) this.fail(`${what} may not end with a comma`, start);
  }

  private string(): string {
    const start = this.at;
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      const character = this.text.charCodeAt(this.at);
      if (Number.isNaN(character)) this.fail("the text that begins here has no closing quote", start);
      if (character === 10 || character === 13)
        this.fail("the text that begins here has no closing quote on its line", start);
      if (character < 32) this.fail("a control character in a text must be written \\u00..");
      if (character === 92) this.escape();
    }
    this.at++;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private escape(): void {
    const found = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 6));
    if (!found)
      this.fail(
        `${JSON.stringify(this.text.slice(this.at, this.at + 2))} is no escape that JSON knows; a backslash is written \\\\`,
      );
    this.at += found[0].length - 1;
  }

  private scalar(): unknown {
    const digits = this.match(number);
    if (digits !== undefined && !/[\w.]/.test(this.text[this.at] ?? "")) return Number(digits);
    if (digits !== undefined) this.fail("this is no number that JSON knows", this.at - digits.length);
    const start = this.at;
    const name = this.match(word);
    if (name !== undefined && words.has(name)) return words.get(name);
    this.at = start;
    if (name !== undefined) this.fail(`${name} is no JSON value; a text stands in double quotes`);
    if (this.text[this.at] === "'") this.fail("a text stands in double quotes, not single ones");
    return this.fail(`a value should stand here, not ${this.here()}`);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private skip(): void {
    this.match(blank);
    if (this.text.startsWith("//", this.at) || this.text.startsWith("/*", this.at)) this.fail("JSON has no comments");
  }

  /** Whether `character` comes next, after blanks; it is passed over. */
  private takes(character: string): boolean {
    this.skip();
    if (this.text[this.at] !== character) return false;
    this.at++;
    this.skip();
    return true;
  }

  private here(): string {
    const character = this.text.codePointAt(this.at);
    return character === undefined ? "the end of the text" : JSON.stringify(String.fromCodePoint(character));
  }

  private fail(message: string, offset = this.at): never {
    throw new JsonProblem(message, offset);
  }
}
