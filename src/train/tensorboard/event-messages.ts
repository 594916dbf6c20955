import { ProtobufWriter } from "../../shared/protobuf-writer";

// Field numbers are those of TensorFlow's public definitions: core/util/event.proto and core/framework/summary.proto.
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const summary = { value: 1 } as const;
const summaryValue = { tag: 1, simpleValue: 2 } as const;
const sessionLog = { status: 1, start: 1 } as const;

/** The first event of a file. */
export function fileVersionEvent(seconds: number): Uint8Array {
  return new ProtobufWriter().double(event.wallTime, seconds).string(event.fileVersion, "brain.Event:2").finish();
}

/** Says that a run starts at `step`: TensorBoard drops what an earlier file holds from there on. */
export function sessionStartEvent(seconds: number, step: number): Uint8Array {
  return new ProtobufWriter()
    .double(event.wallTime, seconds)
    .varint(event.step, step)
    .message(event.sessionLog, (message) => message.varint(sessionLog.status, sessionLog.start))
    .finish();
}

/** Scalars by tag at `step`. */
export function scalarsEvent(seconds: number, step: number, scalars: Readonly<Record<string, number>>): Uint8Array {
  return new ProtobufWriter()
    .double(event.wallTime, seconds)
    .varint(event.step, step)
    .message(event.summary, (message) => {
      for (const [tag, value] of Object.entries(scalars)) {
        message.message(summary.value, (entry) =>
          entry.string(summaryValue.tag, tag).float(summaryValue.simpleValue, value),
        );
      }
    })
    .finish();
}
