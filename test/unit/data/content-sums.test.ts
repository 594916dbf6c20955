import { createHash } from "node:crypto";
import { contentSums, sumOf } from "../../../src/data/content-sums";
import type { ExampleInputs } from "../../../src/data/example-set";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const expected = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest().subarray(0, 16).toString("latin1");
};

describe("contentSums", () => {
  const folder = useTemporaryFolder();
  const images = (...paths: string[]): ExampleInputs => ({
    kind: "image",
    count: paths.length,
    image: (index) => ({ path: paths[index] as string }),
  });

  test("of files: size and bytes; none for a file that is not there", async () => {
    const [a, b, copy] = [folder.write("a", "one"), folder.write("b", "two"), folder.write("c/a", "one")];
    const sums = (await contentSums(images(a, b, copy, `${a}-absent`))) as Uint8Array;
    expect(sumOf(sums, 0)).toBe(expected("3\0", "one"));
    expect(sumOf(sums, 1)).toBe(expected("3\0", "two"));
    expect(sumOf(sums, 2)).toBe(sumOf(sums, 0));
    expect(sumOf(sums, 3)).toBeUndefined();
  });

  test("of very many bytes: size, beginning and end", async () => {
    const bytes = Uint8Array.from({ length: 50_000 }, (_, index) => (index * index) % 251);
    const [start, end] = [bytes.slice(0, 16 * 1024), bytes.slice(-16 * 1024)];
    const path = folder.write("large", bytes);
    const [whole, pieces] = [await contentSums(images(path)), await contentSums(images(path), undefined, 1000)];
    expect(sumOf(whole as Uint8Array, 0)).toBe(expected("50000\0", bytes));
    expect(sumOf(pieces as Uint8Array, 0)).toBe(expected("50000\0", start, end));
  });

  test("of rows, series and texts; not of windows", async () => {
    const values = Float32Array.of(1, 2, 3, 4, 1, 2);
    const vectors = await contentSums({ kind: "vector", count: 3, names: ["x", "y"], values });
    expect(sumOf(vectors as Uint8Array, 0)).toBe(sumOf(vectors as Uint8Array, 2));
    expect(sumOf(vectors as Uint8Array, 1)).toBe(expected(new Uint8Array(values.buffer, 8, 8)));
    const [lengths, offsets] = [Int32Array.of(2, 1), Int32Array.of(0, 2)];
    const series = await contentSums({ kind: "series", count: 2, names: ["x", "y"], values, lengths, offsets });
    expect(sumOf(series as Uint8Array, 0)).toBe(expected(new Uint8Array(values.buffer, 0, 16)));
    const texts = await contentSums({ kind: "text", count: 1, text: () => "héllo" });
    expect(sumOf(texts as Uint8Array, 0)).toBe(expected("héllo"));
    const windows = { kind: "window", count: 1, names: ["x"], length: 2, values, starts: Int32Array.of(0) } as const;
    expect(await contentSums(windows)).toBeUndefined();
  });
});
