import { visibleText } from "./visible-text";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * `text` as it may stand in XML and HTML, between tags and in quoted attributes, whatever names of files and labels are in it.
 * Characters that XML can't hold are shown as `\x1b`.
 */
export function escapeXml(text: string): string {
  return visibleText(text)
    .replace(/[&<>"']/g, (character) => entities[character] as string)
    .replace(/[\ufffe\uffff]/g, "\ufffd");
}
