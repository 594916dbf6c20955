import { maskedCrc32c } from "./crc32c";

/**
 * One record of a TFRecord file (tensorflow.org/tutorials/load_data/tfrecord): length as uint64, masked CRC-32C of the length,
 * the data, masked CRC-32C of the data; little-endian.
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(16 + data.length);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
  return record;
}
