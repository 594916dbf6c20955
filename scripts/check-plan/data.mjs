import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Numbers from 0 to below 1 that are the same each time: a linear congruential generator (Numerical Recipes). */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const labels = ["a", "b", "c", "d"];
const line = (values) => `${values.join(",")}\n`;
const columns = (count) => Array.from({ length: count }, (_, index) => `c${index}`);

const makers = {
  table: ({ rows, features }, draw) => {
    const lines = [line([...columns(features), "label"])];
    for (let row = 0; row < rows; row++) {
      lines.push(line([...columns(features).map(() => draw().toFixed(4)), labels[row % labels.length]]));
    }
    return { "table.csv": lines.join("") };
  },
  images: ({ count, side }, draw) => ({
    "images.idx": idx([count, side, side], () => 256 * draw()),
    "labels.idx": idx([count], (index) => index % labels.length),
  }),
  texts: ({ count, words, vocabulary }, draw) => {
    const lines = [line(["text", "label"])];
    for (let text = 0; text < count; text++) {
      const drawn = Array.from({ length: words }, () => `w${Math.floor(vocabulary * draw())}`);
      lines.push(line([drawn.join(" "), labels[text % labels.length]]));
    }
    return { "texts.csv": lines.join("") };
  },
  steps: ({ count, length, channels }, draw) => {
    const lines = [line(["sequence", "step", ...columns(channels), "label"])];
    for (let sequence = 0; sequence < count; sequence++) {
      for (let step = 0; step < length; step++) {
        lines.push(
          line([sequence, step, ...columns(channels).map(() => draw().toFixed(4)), labels[sequence % labels.length]]),
        );
      }
    }
    return { "steps.csv": lines.join("") };
  },
};

/** The idx format of the MNIST files: unsigned bytes. */
function idx(shape, numberAt) {
  const size = shape.reduce((product, length) => product * length, 1);
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => {
    header.writeUInt32BE(length, 4 + 4 * axis);
  });
  return Buffer.concat([header, Uint8Array.from({ length: size }, (_, index) => numberAt(index))]);
}

/** Writes a model's data and config into `folder`; returns the config's path. */
export function writeModel(folder, { make, config }) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(makers[make.kind](make, generator(1)))) {
    writeFileSync(join(folder, name), content);
  }
  const path = join(folder, "config.json");
  writeFileSync(path, JSON.stringify({ name: "checked", ...config }, null, 2));
  return path;
}
