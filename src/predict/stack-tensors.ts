import type { HostTensor } from "../shared/host-tensor";

/** One batch of batches of the same shape and type; undefined for none. */
export function stackTensors(parts: readonly HostTensor[]): HostTensor | undefined {
  const [first] = parts;
  if (!first || parts.length === 1) return first;
  const count = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const length = parts.reduce((sum, { data }) => sum + data.length, 0);
  const data = emptyLike(first.data, length);
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return { data, shape: [count, ...first.shape.slice(1)] };
}

function emptyLike(data: HostTensor["data"], length: number): HostTensor["data"] {
  if (data instanceof Uint8Array) return new Uint8Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
}
