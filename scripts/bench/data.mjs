// Made-up data that can be learned a little, so that losses tell whether the tools do the same work. dlctl reads it as
// files of its formats; Python reads the IDX files and the numbers in `tokens.bin`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** xorshift: random numbers below `bound` that are the same in every run. */
function generator(seed) {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

function writeIdx(path, shape, bytes) {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  for (const [axis, size] of shape.entries()) head.writeUInt32BE(size, 4 + 4 * axis);
  writeFileSync(path, Buffer.concat([head, bytes]));
}

/** Noise, brighter in a band whose place is the class. */
function writeImages(folder, { size, channels, classes }, count) {
  const random = generator(7);
  const pixels = Buffer.alloc(count * size * size * channels);
  const labels = Buffer.alloc(count);
  const row = size * channels;
  for (let image = 0; image < count; image++) {
    labels[image] = image % classes;
    const band = Math.floor((labels[image] * size) / classes);
    for (let y = 0; y < size; y++) {
      const extra = y >= band && y < band + size / classes ? 60 : 0;
      const start = (image * size + y) * row;
      for (let x = 0; x < row; x++) pixels[start + x] = random(180) + extra;
    }
  }
  const shape = [count, size, size];
  writeIdx(join(folder, "images.idx"), channels === 1 ? shape : [...shape, channels], pixels);
  writeIdx(join(folder, "labels.idx"), [count], labels);
}

/** Words of which the first ones hint at the class. Every word of the vocabulary is there, beside padding and unknown. */
function writeTexts(folder, { tokens, vocabulary }, count) {
  const words = vocabulary - 2;
  const random = generator(11);
  const numbers = new Int32Array(count * tokens);
  const labels = new Int32Array(count);
  const lines = [];
  for (let text = 0; text < count; text++) {
    labels[text] = text % 2;
    const ids = numbers.subarray(text * tokens, (text + 1) * tokens);
    for (let token = 0; token < tokens; token++) {
      const isHint = token >= tokens - 10 && text * tokens >= words;
      const word = text * tokens + token < words ? text * tokens + token : random(words);
      ids[token] = 2 + (isHint ? 2 * random(50) + labels[text] : word);
    }
    lines.push(`${Array.from(ids, (id) => `w${id - 2}`).join(" ")},${labels[text] ? "odd" : "even"}`);
  }
  writeFileSync(join(folder, "texts.csv"), `text,label\n${lines.join("\n")}\n`);
  writeFileSync(join(folder, "tokens.bin"), numbers);
  writeFileSync(join(folder, "classes.bin"), labels);
}

/** A walk through the alphabet whose next step is often the same. */
function writeCharacters(folder, { tokens, vocabulary }, count) {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "].slice(0, vocabulary - 2);
  const random = generator(13);
  const numbers = new Int32Array(count * tokens + 1);
  let last = 0;
  for (let place = 0; place < numbers.length; place++) {
    last = place < letters.length ? place : random(4) === 0 ? random(letters.length) : (last + 1) % letters.length;
    numbers[place] = 2 + last;
  }
  writeFileSync(join(folder, "text.txt"), Array.from(numbers, (id) => letters[id - 2]).join(""));
  writeFileSync(join(folder, "tokens.bin"), numbers);
}

const writers = { images: writeImages, texts: writeTexts, characters: writeCharacters };

/** Writes `count` examples into `folder`. */
export function writeData(folder, data, count) {
  writers[data.kind](folder, data, count);
}
