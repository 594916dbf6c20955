import { createHash } from "node:crypto";
import { z } from "zod";
import { ModelFolderError } from "../shared/errors";
import { writeFileSynced } from "./atomic-file";
import type { NamedTensor } from "./model-weights";
import { readModelFile } from "./read-model-file";

/** What a JSON file says of the binary file of tensors beside it: float32, little-endian, one after the other. */
export const tensorFileSchema = z.strictObject({
  file: z.string().regex(/^[\w-]+\.bin$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tensors: z.array(z.strictObject({ name: z.string(), shape: z.array(z.int().nonnegative()) })),
});

export type TensorFile = z.output<typeof tensorFileSchema>;

/** Writes the new file `<folder>/<file>` and returns what is to be remembered of it. */
export async function writeTensorFile(
  folder: string,
  file: string,
  tensors: readonly NamedTensor[],
): Promise<TensorFile> {
  const bytes = Buffer.concat(tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  await writeFileSynced(`${folder}/${file}`, bytes);
  return {
    file,
    sha256: sha256(bytes),
    tensors: tensors.map(({ name, shape }) => ({ name, shape: [...shape] })),
  };
}

/** Reads it back. Throws ModelFolderError naming the file when it is not what was written. */
export async function readTensorFile(
  folder: string,
  { file, sha256: sum, tensors }: TensorFile,
): Promise<NamedTensor[]> {
  const path = `${folder}/${file}`;
  const sizes = tensors.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  const expected = 4 * sizes.reduce((sum, size) => sum + size, 0);
  const bytes = await readModelFile(folder, file, (length) =>
    length === expected ? undefined : `it has ${length} bytes and should have ${expected}`,
  );
  if (sha256(bytes) !== sum) throw new ModelFolderError(`${path} is damaged: its SHA-256 sum is not the recorded one`);
  let offset = 0;
  return tensors.map(({ name, shape }, index) => {
    const size = sizes[index] as number;
    const data = new Float32Array(size);
    new Uint8Array(data.buffer).set(bytes.subarray(offset, offset + 4 * size));
    offset += 4 * size;
    return { name, shape, data };
  });
}

/** The SHA-256 sum as lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
