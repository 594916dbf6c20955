import type { RecordedConstant, RecordedOp, Recording, ValueSource } from "./recording";

/** Ops of a recording that others take the place of. Sources are those of the recording before. */
export interface RecordingChanges {
  /** Ops put before the op of this index, in this order. */
  readonly inserted: ReadonlyMap<number, readonly InsertedOp[]>;
  /** Ops left out: nothing takes their outputs but by `inserted`. */
  readonly dropped: ReadonlySet<number>;
  /** Constants that inserted ops take, after those of the recording. */
  readonly constants: readonly RecordedConstant[];
}

export interface InsertedOp extends Omit<RecordedOp, "inputs"> {
  readonly inputs: readonly (ValueSource | InsertedOutput)[];
  /** Which output of a dropped op each of its own stands for. */
  readonly outputs: readonly (DroppedOutput | undefined)[];
}

interface DroppedOutput {
  readonly op: number;
  readonly output: number;
}

/** An output of an inserted op, for another inserted op that comes later. */
export interface InsertedOutput {
  readonly from: "inserted";
  readonly op: InsertedOp;
  readonly output: number;
}

/** The recording with the changes made. */
export function rewriteRecording(recording: Recording, changes: RecordingChanges): Recording {
  const ops: RecordedOp[] = [];
  const moved = new Map<string, ValueSource>();
  const places = new Map<InsertedOp, number>();
  const sourceOf = (source: ValueSource | InsertedOutput): ValueSource => {
    if (source.from === "inserted") return { from: "op", op: places.get(source.op) as number, output: source.output };
    if (source.from !== "op") return source;
    const known = moved.get(`${source.op}:${source.output}`);
    if (!known) throw new Error(`${recording.ops[source.op]?.op} is taken before it has run`);
    return known;
  };
  const push = ({ inputs, ...op }: Omit<InsertedOp, "outputs">): number =>
    ops.push({ ...op, inputs: inputs.map(sourceOf) }) - 1;
  recording.ops.forEach((op, index) => {
    for (const inserted of changes.inserted.get(index) ?? []) {
      const { outputs, ...own } = inserted;
      const place = push(own);
      places.set(inserted, place);
      outputs.forEach((stands, output) => {
        if (stands) moved.set(`${stands.op}:${stands.output}`, { from: "op", op: place, output });
      });
    }
    if (changes.dropped.has(index)) return;
    const place = push(op);
    for (let output = 0; output < op.outputCount; output++) {
      moved.set(`${index}:${output}`, { from: "op", op: place, output });
    }
  });
  return {
    ops,
    constants: [...recording.constants, ...changes.constants],
    results: Object.fromEntries(Object.entries(recording.results).map(([name, source]) => [name, sourceOf(source)])),
  };
}
