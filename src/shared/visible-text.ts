/** What a terminal acts on instead of showing it: control characters, and marks that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const acting = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const lone = /[\ud800-\udfff]/gu;

/**
 * `text` as it may be printed, whatever names of files and labels are in it: what a terminal would act on is shown as
 * `\x1b` or `\u202e`, a byte of a name that is not UTF-8 as `\xff`. Line breaks and tabs stay where `keepLines`.
 */
export function visibleText(text: string, { keepLines = false } = {}): string {
  return text
    .replace(acting, (character) => (keepLines && /[\n\t]/.test(character) ? character : show(character)))
    .replace(lone, (unit) => `\\x${(unit.charCodeAt(0) & 0xff).toString(16)}`);
}

function show(character: string): string {
  if (character === "\n") return "\\n";
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}
