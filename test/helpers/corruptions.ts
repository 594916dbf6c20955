import fc from "fast-check";

/** Strings and numbers that programs stumble over. */
const hostileValues: readonly unknown[] = [
  ...[0, -0, -1, 0.5, 1e12, -1e12, 1e308, 2 ** 31, 2 ** 53, Number.MIN_VALUE],
  ...[
    "",
    " ",
    "classes",
    "__proto__",
    "constructor",
    "toString",
    "../../../etc/passwd",
    "\0",
    "\n",
    "\ud800",
    "1e5",
    "NaN",
  ],
  ...[null, true, false, [], {}, [[]], [null], { type: "dense" }, { length: 1e9 }, { constructor: { prototype: {} } }],
  "x".repeat(10_000),
];

const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostileValues) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 300 }) },
);

interface Edit {
  readonly place: number;
  readonly kind: "replace" | "remove" | "repeat" | "rename";
  readonly value: unknown;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    place: fc.nat(),
    kind: fc.constantFrom("replace", "replace", "replace", "remove", "repeat", "rename"),
    value: hostile,
  }) as fc.Arbitrary<Edit>,
  { minLength: 1, maxLength: 3 },
);

/** JSON values that differ from one of `bases` in one to three places. */
export function corruptJson(...bases: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...bases), edits).map(([base, list]) => {
    const copy = structuredClone(base);
    for (const edit of list) apply(copy, edit);
    return copy;
  });
}

type Container = Record<string, unknown> | unknown[];

/** Every place in a value: what holds it, and its key. */
function placesIn(value: unknown): [Container, string][] {
  if (typeof value !== "object" || value === null) return [];
  const container = value as Container;
  return Object.keys(container).flatMap((key) => [
    [container, key] as [Container, string],
    ...placesIn((container as Record<string, unknown>)[key]),
  ]);
}

function apply(root: unknown, { place, kind, value }: Edit): void {
  const places = placesIn(root);
  const [container, key] = places[place % Math.max(1, places.length)] ?? [];
  if (!container || key === undefined) return;
  const held = container as Record<string, unknown>;
  if (kind === "replace") held[key] = structuredClone(value);
  else if (Array.isArray(container)) {
    if (kind === "remove") container.splice(Number(key), 1);
    else container.splice(Number(key), 0, structuredClone(container[Number(key)]));
  } else {
    const old = held[key];
    delete held[key];
    if (kind !== "remove" && typeof value === "string" && value !== "__proto__") held[value] = old;
  }
}

interface ByteChange {
  readonly place: number;
  readonly kind: "overwrite" | "insert" | "cut" | "remove";
  readonly bytes: readonly number[];
}

/** For `changeBytes`. */
export const byteChanges: fc.Arbitrary<ByteChange[]> = fc.array(
  fc.record({
    place: fc.nat(),
    bytes: fc.oneof(
      fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom([0], [255], [0x80], [0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [10], [34], [44]),
    ),
    kind: fc.constantFrom("overwrite", "overwrite", "overwrite", "insert", "cut", "remove"),
  }) as fc.Arbitrary<ByteChange>,
  { minLength: 1, maxLength: 6 },
);

/** Changes some bytes of `base`, cuts it off, takes some out or puts some in. */
export function changeBytes(base: Uint8Array, changes: readonly ByteChange[]): Buffer {
  let bytes = Buffer.from(base);
  for (const { place, bytes: given, kind } of changes) {
    const at = place % (bytes.length + 1);
    const before = bytes.subarray(0, at);
    if (kind === "cut") bytes = before;
    else if (kind === "remove") bytes = Buffer.concat([before, bytes.subarray(at + given.length)]);
    else
      bytes = Buffer.concat([before, Buffer.from(given), bytes.subarray(kind === "insert" ? at : at + given.length)]);
  }
  return bytes;
}

/** Bytes that differ from one of `bases` in some places. */
export function corruptBytes(...bases: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.constantFrom(...bases), byteChanges).map(([base, changes]) => changeBytes(base, changes));
}
