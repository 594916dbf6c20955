/** A text as tokens are made of it: half surrogate pairs become U+FFFD, the form is NFC, and case goes where it is ignored. */
export function normalizeText(text: string, lowercase: boolean): string {
  const whole = replaceHalfPairs(text).normalize("NFC");
  return lowercase ? whole.toLowerCase() : whole;
}

function replaceHalfPairs(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
