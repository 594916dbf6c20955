/** A line of a file, without what ends it. */
export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** The lines of a file in UTF-8, one after the other; a byte-order mark is left out, what is no UTF-8 becomes U+FFFD. */
export async function* readLines(source: AsyncIterable<Buffer | string>): AsyncGenerator<TextLine, void, undefined> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  let number = 0;
  for await (const chunk of source) {
    const pieces = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = pieces.pop() as string;
    for (const piece of pieces) yield { text: piece.replace(/\r$/, ""), number: ++number };
  }
  rest += decoder.decode();
  if (rest) yield { text: rest.replace(/\r$/, ""), number: number + 1 };
}
