/** Writes what native/program/program_reader.h reads: little-endian, everything in multiples of four bytes. */
export class ProgramWriter {
  private buffer = Buffer.alloc(4096);
  private length = 0;

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  unsigned(value: number): this {
    const at = this.grow(4);
    this.buffer.writeUInt32LE(value, at);
    return this;
  }

  long(value: number): this {
    const at = this.grow(8);
    this.buffer.writeBigInt64LE(BigInt(value), at);
    return this;
  }

  float(value: number): this {
    const at = this.grow(4);
    this.buffer.writeFloatLE(value, at);
    return this;
  }

  text(text: string): this {
    const bytes = Buffer.from(text, "utf8");
    this.unsigned(bytes.length);
    const at = this.grow(Math.ceil(bytes.length / 4) * 4);
    bytes.copy(this.buffer, at);
    return this;
  }

  sizes(sizes: readonly number[]): this {
    return this.list(sizes, (size) => this.unsigned(size));
  }

  list<Item>(items: readonly Item[], write: (item: Item, at: number) => unknown): this {
    this.unsigned(items.length);
    items.forEach((item, at) => {
      write(item, at);
    });
    return this;
  }

  /** Where `size` bytes of zeros are then; the buffer may be another one. */
  private grow(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.buffer.length) {
      this.buffer = Buffer.concat([this.buffer, Buffer.alloc(this.buffer.length + size)]);
    }
    return at;
  }
}
