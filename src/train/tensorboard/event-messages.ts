import { ProtobufWriter } from "../../shared/protobuf-writer";
import type { Histogram } from "./histogram";

// Field numbers are those of TensorFlow's public definitions: core/util/event.proto and core/framework/summary.proto.
const event = { wallTime: 1, step: 2, fileVersion: 3, graph: 4, summary: 5, sessionLog: 7 } as const;
const summary = { value: 1 } as const;
const summaryValue = { tag: 1, simpleValue: 2, image: 4, histogram: 5 } as const;
const imageValue = { height: 1, width: 2, colorspace: 3, encoded: 4 } as const;
const histogramValue = { min: 1, max: 2, count: 3, sum: 4, sumOfSquares: 5, limits: 6, counts: 7 } as const;
const sessionLog = { status: 1, start: 1 } as const;

/** A picture as TensorBoard takes it. */
export interface EventImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly png: Uint8Array;
}

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
  return summaryEvent(seconds, step, scalars, (entry, value) => entry.float(summaryValue.simpleValue, value));
}

/** Histograms by tag at `step`. */
export function histogramsEvent(
  seconds: number,
  step: number,
  histograms: Readonly<Record<string, Histogram>>,
): Uint8Array {
  return summaryEvent(seconds, step, histograms, (entry, { min, max, count, sum, sumOfSquares, limits, counts }) =>
    entry.message(summaryValue.histogram, (message) =>
      message
        .double(histogramValue.min, min)
        .double(histogramValue.max, max)
        .double(histogramValue.count, count)
        .double(histogramValue.sum, sum)
        .double(histogramValue.sumOfSquares, sumOfSquares)
        .bytes(histogramValue.limits, packed(limits))
        .bytes(histogramValue.counts, packed(counts)),
    ),
  );
}

/** Pictures by tag at `step`. */
export function imagesEvent(seconds: number, step: number, images: Readonly<Record<string, EventImage>>): Uint8Array {
  return summaryEvent(seconds, step, images, (entry, { width, height, channels, png }) =>
    entry.message(summaryValue.image, (message) =>
      message
        .varint(imageValue.height, height)
        .varint(imageValue.width, width)
        .varint(imageValue.colorspace, channels)
        .bytes(imageValue.encoded, png),
    ),
  );
}

/** A graph: `graphDef` is the bytes of a GraphDef. */
export function graphEvent(seconds: number, graphDef: Uint8Array): Uint8Array {
  return new ProtobufWriter().double(event.wallTime, seconds).bytes(event.graph, graphDef).finish();
}

function summaryEvent<Value>(
  seconds: number,
  step: number,
  values: Readonly<Record<string, Value>>,
  write: (entry: ProtobufWriter, value: Value) => void,
): Uint8Array {
  return new ProtobufWriter()
    .double(event.wallTime, seconds)
    .varint(event.step, step)
    .message(event.summary, (message) => {
      for (const [tag, value] of Object.entries(values)) {
        message.message(summary.value, (entry) => write(entry.string(summaryValue.tag, tag), value));
      }
    })
    .finish();
}

/** A packed repeated double: eight bytes each, little-endian. */
function packed(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => {
    bytes.writeDoubleLE(value, 8 * index);
  });
  return bytes;
}
