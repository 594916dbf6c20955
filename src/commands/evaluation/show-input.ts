import type { ShownExample } from "../../evaluate/shown-input";
import { visibleText } from "../../shared/visible-text";

const mostCharacters = 48;

/** What a person calls an example, and the beginning of its text where it is one. */
export function nameExample({ origin, input }: ShownExample): string {
  return input?.kind === "text" ? `${origin}: ${quote(input.text)}` : origin;
}

/** The beginning of a text on one line, in quotation marks. */
export function quote(text: string, most = mostCharacters): string {
  const characters = Array.from(visibleText(text.replace(/\s+/g, " ").trim()));
  return `"${characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : characters.join("")}"`;
}
