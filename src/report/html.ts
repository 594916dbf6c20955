import { escapeXml } from "../shared/escape-xml";

/** Markup that stands in a page as it is: made by `html`, which escapes all that is put into it. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = Html | string | number | false | null | undefined | readonly Content[];

/**
 * Markup of a template. Strings and numbers that are put in are escaped, for text and for attributes in double quotes; Html
 * stays as it is, lists are joined, and nothing is made of false, null and undefined.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(strings.map((text, index) => (index === 0 ? text : markup(contents[index - 1]) + text)).join(""));
}

function markup(content: Content): string {
  if (content === false || content === null || content === undefined) return "";
  if (content instanceof Html) return content.text;
  return typeof content === "object" ? content.map(markup).join("") : escapeXml(String(content));
}
