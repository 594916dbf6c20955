// Preloaded into a dlctl process (NODE_OPTIONS=--require ...): adds a byte to the file DECODE_COUNT for each image file
// that sharp is given to decode, in any thread.
const { appendFileSync } = require("node:fs");

const path = require.resolve("sharp");
const sharp = require(path);
require.cache[path].exports = new Proxy(sharp, {
  apply(target, self, args) {
    const [input, options] = args;
    if (Buffer.isBuffer(input) && options?.raw === undefined) appendFileSync(process.env.DECODE_COUNT, ".");
    return Reflect.apply(target, self, args);
  },
});
