import { rmSync } from "node:fs";
import type { Key } from "./file-identity";
import { describePipeline } from "./pipeline-description";
import { evictSegments, removeAbandoned, segmentPaths } from "./segment-files";
import { openSegment, type SegmentReader } from "./segment-reader";
import { SegmentWriter } from "./segment-writer";

/** Where a row is: the number of its segment and its own, in one number. */
export type Location = number;

/** Processed pixels of files, kept from run to run: one folder for each pipeline. */
export interface PixelStore {
  /** Of a file that was not changed since, by its `identityOf`. */
  locate(identity: Key): Location | undefined;
  /** Of a file with these bytes, wherever it is. */
  locateContent(content: Key): Location | undefined;
  /** Copies the pixels into `target` and says true; false when they are damaged. */
  read(location: Location, target: Uint8Array): Promise<boolean>;
  /** Keeps a copy of `pixels`. Throws what the system says when they can't be written. */
  add(identity: Key | undefined, content: Key, pixels: Uint8Array): Promise<Location>;
  /** Notes that an unchanged file has this content, so that it need not be read the next time. */
  note(identity: Key, content: Key): void;
  /** Makes what was added findable for other runs, and removes what was longest unused above the limit. */
  close(): Promise<void>;
}

export interface PixelStoreRequest {
  /** Of one pipeline; made when something is added. */
  readonly folder: string;
  /** Holds the folders of all pipelines. */
  readonly root: string;
  readonly rowBytes: number;
  /** Most bytes that all pipelines take together. */
  readonly limitBytes: number;
  /** What an interrupted process loses at most; tests make it small. */
  readonly segmentBytes?: number;
  /** What the pipeline is, for people: JSON, written into the folder. */
  readonly description: object;
}

const rowsPerSegment = 2 ** 32;

export function openPixelStore({
  folder,
  root,
  rowBytes,
  limitBytes,
  segmentBytes = 64 << 20,
  description,
}: PixelStoreRequest): PixelStore {
  const segments: (SegmentReader | SegmentWriter)[] = [];
  const byIdentity = new Map<Key, Location>();
  const byContent = new Map<Key, Location>();
  let writer: { readonly segment: SegmentWriter; readonly number: number } | undefined;
  const damaged = new Set<string>();
  const publishing = new Set<Promise<void>>();
  let failure: unknown;

  readSegments();

  function readSegments(): void {
    const notes: [identity: Key, content: Key][] = [];
    for (const path of segmentPaths(folder)) {
      const segment = openSegment(path, rowBytes);
      // Published whole, so it was damaged since.
      if (!segment) rmSync(path, { force: true });
      else if (!addSegment(segment, notes)) closeAndRemove(segment);
    }
    for (const [identity, content] of notes) {
      const location = byContent.get(content);
      if (location !== undefined) byIdentity.set(identity, location);
    }
  }

  /** False when all of its rows are in other segments, too: two runs have decoded the same at the same time. */
  function addSegment(segment: SegmentReader, notes: [Key, Key][]): boolean {
    const number = segments.push(segment) - 1;
    let isOfUse = segment.entries.length === 0;
    for (const { identity, content, row } of segment.entries) {
      if (identity !== undefined) notes.push([identity, content]);
      if (row === undefined) isOfUse = true;
      if (row === undefined || byContent.has(content)) continue;
      byContent.set(content, number * rowsPerSegment + row);
      isOfUse = true;
    }
    return isOfUse;
  }

  const pathsInUse = () => new Set(segments.flatMap((each) => ("path" in each ? [each.path] : [])));

  function closeAndRemove(segment: SegmentReader): void {
    segments.pop();
    segment.close();
    rmSync(segment.path, { force: true });
  }

  function openWriter() {
    if (!writer) {
      removeAbandoned(folder);
      describePipeline(folder, description);
      const segment = new SegmentWriter(folder, rowBytes);
      writer = { segment, number: segments.push(segment) - 1 };
    }
    return writer;
  }

  /** Never rejects: a failure is kept for the next `add`. */
  function publish(): void {
    if (!writer) return;
    const { segment, number } = writer;
    writer = undefined;
    const task = (async () => {
      try {
        segments[number] = await segment.publish();
        evictSegments(root, limitBytes, pathsInUse());
      } catch (error) {
        failure ??= error;
        await segment.discard();
      }
    })();
    publishing.add(task);
    void task.then(() => publishing.delete(task));
  }

  return {
    locate: (identity) => byIdentity.get(identity),
    locateContent: (content) => byContent.get(content),
    async read(location, target) {
      const number = Math.floor(location / rowsPerSegment);
      const segment = segments[number];
      if (await segment?.read(location % rowsPerSegment, target)) return true;
      // Its other rows may be sound, but no later run should meet this one again.
      if (segment && "path" in segment) damaged.add(segment.path);
      return false;
    },
    async add(identity, content, pixels) {
      if (failure !== undefined) throw failure;
      const { segment, number } = openWriter();
      const adding = segment.add(identity, content, pixels);
      if (segment.bytes >= segmentBytes) publish();
      const location = number * rowsPerSegment + (await adding);
      byContent.set(content, location);
      if (identity !== undefined) byIdentity.set(identity, location);
      return location;
    },
    note(identity, content) {
      const location = byContent.get(content);
      if (location === undefined || byIdentity.get(identity) === location || failure !== undefined) return;
      byIdentity.set(identity, location);
      openWriter().segment.note(identity, content);
    },
    async close() {
      publish();
      await Promise.all(publishing);
      for (const segment of segments.splice(0)) if ("close" in segment) segment.close();
      for (const path of damaged) rmSync(path, { force: true });
    },
  };
}
