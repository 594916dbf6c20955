// Inputs that are the same at every run: mulberry32 (Tommy Ettinger, public domain), started anew for each case.

/** Makes `{ data, shape }` tensors: `random.uniform([2, 3], -1, 1)`. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const fill = (Type, shape, draw) => ({ shape, data: Type.from({ length: size(shape) }, draw) });
  return {
    next,
    uniform: (shape, low = -1, high = 1) => fill(Float32Array, shape, () => low + (high - low) * next()),
    integers: (shape, count) => fill(Int32Array, shape, () => Math.floor(next() * count)),
    probabilities: (rows, columns) => normalized(fill(Float32Array, [rows, columns], () => next() ** 4 + 1e-4)),
  };
}

export function size(shape) {
  return shape.reduce((product, length) => product * length, 1);
}

/** Each row divided by its sum. */
function normalized({ data, shape }) {
  const columns = shape.at(-1);
  for (let start = 0; start < data.length; start += columns) {
    const row = data.subarray(start, start + columns);
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, column) => {
      row[column] = value / sum;
    });
  }
  return { data, shape };
}

/** Class indices as one-hot rows. */
export function oneHot({ data, shape }, classes) {
  const rows = new Float32Array(data.length * classes);
  data.forEach((index, row) => {
    rows[row * classes + index] = 1;
  });
  return { data: rows, shape: [...shape, classes] };
}
