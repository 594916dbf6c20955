import { crc32c, maskedCrc32c } from "../../../../src/train/tensorboard/crc32c";

const bytes = (length: number, value: (index: number) => number) =>
  Uint8Array.from({ length }, (_, index) => value(index));

// RFC 3720, appendix B.4; "123456789" is the check value of the CRC catalogue.
test.each<[string, Uint8Array, number]>([
  ["32 zeros", bytes(32, () => 0), 0x8a9136aa],
  ["32 times 0xff", bytes(32, () => 0xff), 0x62a8ab43],
  ["0 to 31", bytes(32, (index) => index), 0x46dd794e],
  ["31 to 0", bytes(32, (index) => 31 - index), 0x113fdb5c],
  ["123456789", Buffer.from("123456789"), 0xe3069283],
  ["nothing", bytes(0, () => 0), 0],
])("crc32c of %s", (_name, data, expected) => {
  expect(crc32c(data)).toBe(expected);
});

test("the mask rotates right by 15 and adds its constant, modulo 2^32", () => {
  // By hand: 0xe3069283 >>> 15 = 0x1c60d, << 17 = 0x25060000; 0x2507c60d + 0xa282ead8 = 0xc78ab0e5.
  expect(maskedCrc32c(Buffer.from("123456789"))).toBe(0xc78ab0e5);
  // 0 + the constant.
  expect(maskedCrc32c(new Uint8Array())).toBe(0xa282ead8);
});
