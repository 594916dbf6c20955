/** What is wrong with a layer in its model: `buildModel` adds where it is and reports it with the others. */
export class LayerProblem extends Error {
  readonly hint: string | undefined;

  constructor(message: string, { hint }: { hint?: string } = {}) {
    super(message);
    this.hint = hint;
  }
}
