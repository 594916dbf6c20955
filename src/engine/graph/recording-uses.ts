import type { RecordedOp, Recording, ValueSource } from "./recording";

/** Who uses what in a recording. */
export class RecordingUses {
  private readonly users = new Map<string, number[]>();
  private readonly results: ReadonlySet<string>;

  constructor(private readonly recording: Recording) {
    recording.ops.forEach(({ inputs }, index) => {
      for (const source of inputs) {
        if (source.from !== "op") continue;
        const key = keyOf(source.op, source.output);
        this.users.set(key, [...(this.users.get(key) ?? []), index]);
      }
    });
    this.results = new Set(
      Object.values(recording.results).flatMap((source) =>
        source.from === "op" ? [keyOf(source.op, source.output)] : [],
      ),
    );
  }

  op(index: number): RecordedOp {
    return this.recording.ops[index] as RecordedOp;
  }

  /** The ops that take the first output of this one; undefined where it is also a result of the recording. */
  usersOf(index: number): readonly number[] | undefined {
    const key = keyOf(index, 0);
    return this.results.has(key) ? undefined : (this.users.get(key) ?? []);
  }

  /** Whether input `at` of an op is the first output of op `index`. */
  takes(user: number, at: number, index: number): boolean {
    return isOutput(this.op(user).inputs[at], index);
  }

  /**
   * The one op of kind `forward` that takes the output of `index` as its first input, and the op of kind `gradient` (if
   * there is one) that takes it at `gradientInput`; undefined where anything else uses it.
   */
  soleStep(
    index: number,
    forward: string,
    gradient?: string,
    gradientInput = 0,
  ): { readonly forward: number; readonly gradient: number | undefined } | undefined {
    const users = this.usersOf(index) ?? [];
    const [next, other] = users.filter((user) => this.op(user).op === forward);
    const gradients = users.filter((user) => this.op(user).op === gradient);
    const isSole = users.length === 1 + gradients.length && gradients.length <= 1;
    if (next === undefined || other !== undefined || !isSole || !this.takes(next, 0, index)) return undefined;
    const [back] = gradients;
    return back === undefined || this.takes(back, gradientInput, index) ? { forward: next, gradient: back } : undefined;
  }
}

/** Whether a source is the first output of this op. */
export function isOutput(source: ValueSource | undefined, index: number): boolean {
  return source?.from === "op" && source.op === index && source.output === 0;
}

const keyOf = (op: number, output: number) => `${op}:${output}`;
