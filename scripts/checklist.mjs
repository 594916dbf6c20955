/** Prints what is checked, line by line; what does not hold, with what was found, counts as a failure. */
export class Checklist {
  failures = 0;

  expect(what, isTrue, found) {
    if (!isTrue) this.failures += 1;
    console.log(`${isTrue ? "ok  " : "FAIL"}  ${what}${isTrue ? "" : `: ${JSON.stringify(found)}`}`);
  }
}
