import { DataError } from "../../shared/errors";
import { readLines, type TextLine } from "./read-lines";
import type { TableRecord } from "./read-records";

/** A field in quotes up to the next tab or the end; quotes inside are doubled. */
const quotedField = /"((?:[^"]|"")*)"(?=\t|$)/y;

/** The beginning of a field in quotes that ends in a later line. */
const openField = /(?:^|\t)"(?:[^"\t]|"")*$/;

/** Lines that a field in quotes may span. */
const mostLines = 1000;

/**
 * Records of a tab-separated file. Such files are written with quotes and without (the format has none): a field is
 * in quotes only where they hold it from its beginning to its end, and any other quote is text. A field in quotes may hold tabs, or newlines,
 * but not both, so that one quote too many does not swallow the rows after it. Throws DataError naming the line.
 */
export async function* parseTabs(
  source: AsyncIterable<Buffer | string>,
  path: string,
): AsyncGenerator<TableRecord, void, undefined> {
  const lines = readLines(source);
  const waiting: TextLine[] = [];
  const next = async () => waiting.shift() ?? ((await lines.next()).value as TextLine | undefined);
  let width: number | undefined;
  for (let line = await next(); line; line = await next()) {
    if (line.text === "") continue;
    let whole = line;
    for (let isLonger = true; isLonger && openField.test(whole.text); ) {
      const joined = await joinLines(whole, next, waiting);
      isLonger = joined !== whole;
      whole = joined;
    }
    const fields = splitFields(whole.text);
    width ??= fields.length;
    if (fields.length !== width) {
      throw new DataError(`${path}: line ${line.number} has ${fields.length} fields, and the first has ${width}`, {
        hint: "Each row needs as many fields as the first; tabs separate them.",
      });
    }
    yield { fields, line: whole.number };
  }
}

/** The line with those that a field in quotes goes on in; just the line where none ends it. Lines that were read in vain wait. */
async function joinLines(
  first: TextLine,
  next: () => Promise<TextLine | undefined>,
  waiting: TextLine[],
): Promise<TextLine> {
  const read: TextLine[] = [];
  while (read.length < mostLines) {
    const line = await next();
    if (!line) break;
    read.push(line);
    if (/^(?:[^"\t]|"")*"(?:\t|$)/.test(line.text)) {
      return { text: [first, ...read].map(({ text }) => text).join("\n"), number: line.number };
    }
    // A tab, or a quote inside: the quote that seemed to open a field was text.
    if (!/^(?:[^"\t]|"")*$/.test(line.text)) break;
  }
  waiting.unshift(...read);
  return first;
}

function splitFields(text: string): string[] {
  const fields: string[] = [];
  let position = 0;
  while (position <= text.length) {
    quotedField.lastIndex = position;
    const quoted = quotedField.exec(text);
    const tab = text.indexOf("\t", position);
    const end = quoted ? quotedField.lastIndex : tab < 0 ? text.length : tab;
    fields.push(quoted ? (quoted[1] as string).replaceAll('""', '"') : text.slice(position, end));
    position = end + 1;
  }
  return fields;
}
