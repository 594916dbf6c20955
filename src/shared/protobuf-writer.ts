/**
 * Writes a message in protobuf's wire format (protobuf.dev/programming-guides/encoding). Fields are written in the order
 * of the calls; defaults are the caller's business. Only what TensorFlow's graphs and event files need.
 */
export class ProtobufWriter {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** int32, int64, uint32, enum or bool; a negative number takes ten bytes, as the format wants it. Safe integers only. */
  varint(field: number, value: number): this {
    return this.append(varintBytes(field * 8)).append(varintBytes(value));
  }

  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.append(varintBytes(field * 8 + 5)).append(bytes);
  }

  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.append(varintBytes(field * 8 + 1)).append(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.append(varintBytes(field * 8 + 2))
      .append(varintBytes(value.length))
      .append(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, "utf8"));
  }

  message(field: number, write: (message: ProtobufWriter) => void): this {
    const message = new ProtobufWriter();
    write(message);
    return this.bytes(field, message.finish());
  }

  finish(): Uint8Array {
    return Buffer.concat(this.chunks, this.length);
  }

  private append(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.length += bytes.length;
    return this;
  }
}

function varintBytes(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
