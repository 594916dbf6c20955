// What the Python side reads: cases.json, and tensors.bin with all numbers.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

export class CaseFile {
  #cases = [];
  #chunks = [];
  #length = 0;

  /** Keeps a tfjs tensor's numbers, or those of `{ data, shape }`; returns a reference for a case. Disposes nothing. */
  tensor(value) {
    const data = value.data instanceof Function ? value.dataSync() : value.data;
    const dtype = Object.keys(arrays).find((name) => data instanceof arrays[name]);
    if (!dtype) throw new Error(`no dtype is named for ${data.constructor.name}`);
    const reference = { offset: this.#length, shape: [...value.shape], dtype };
    // Copied: the next step may change the numbers in place. Padded, so that every offset is aligned.
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const chunk = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
    bytes.copy(chunk);
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return reference;
  }

  tensors(values) {
    return values.map((value) => this.tensor(value));
  }

  add(item) {
    this.#cases.push(item);
    return item;
  }

  get length() {
    return this.#cases.length;
  }

  save(folder) {
    writeFileSync(join(folder, "tensors.bin"), Buffer.concat(this.#chunks));
    writeFileSync(join(folder, "cases.json"), JSON.stringify({ cases: this.#cases }));
  }
}
