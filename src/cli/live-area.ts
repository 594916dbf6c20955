import { stripVTControlCharacters } from "node:util";

const csi = "\u001b[";
const eraseToEndOfLine = `${csi}K`;
const eraseBelow = `${csi}J`;

/** Lines at the end of a terminal that are drawn over. Texts to write, in one piece each, so that nothing flickers. */
export class LiveArea {
  private lines: readonly string[] = [];

  /** `columns`: the terminal's width now: lines that were drawn wider have wrapped since. */
  constructor(private readonly columns: () => number) {}

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  /** Shows `text`, of one line or more, instead of what is shown; empty takes it away. */
  draw(text: string): string {
    if (text === "" && this.isEmpty) return "";
    const up = this.toTop();
    this.lines = text === "" ? [] : text.split("\n");
    // Line by line over what is there, and only then is the rest erased: the terminal never shows an empty area.
    const drawn = this.lines.map((line) => `${line}${eraseToEndOfLine}`).join("\r\n");
    return `${up}${drawn}${eraseBelow}`;
  }

  /** Writes `text`, which ends its lines, above what is shown. */
  above(text: string): string {
    if (this.isEmpty) return text;
    return `${this.toTop()}${eraseBelow}${text}${this.lines.join("\r\n")}`;
  }

  private toTop(): string {
    if (this.isEmpty) return "";
    const columns = Math.max(1, this.columns());
    const rows = this.lines.reduce((sum, line) => {
      return sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns));
    }, 0);
    return rows > 1 ? `\r${csi}${rows - 1}A` : "\r";
  }
}
