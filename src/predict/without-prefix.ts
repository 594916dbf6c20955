/** `text` without `prefix`, where it begins with it: an input is named beside its problem already. */
export function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
