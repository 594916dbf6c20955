// Makes the small texts and series of data/ that every clone has:
//   node scripts/make-sequence-data.mjs <tinyshakespeare's input.txt>
// The same file gives the same data again. Series are computed, texts are Shakespeare's.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The first words of a play, and of the one that comes after it in the file. */
const borders = {
  Coriolanus: ["First Citizen:\nBefore we proceed any further", "GLOUCESTER:\nNow is the winter of our discontent"],
  "Romeo and Juliet": ["SAMPSON:\nGregory, o' my word", "WARWICK:\nI wonder how the king escaped our hands"],
  "The Taming of the Shrew": ["SLY:\nI'll pheeze you", "Master:\nBoatswain!"],
};

const folder = join(import.meta.dirname, "..", "data");
const draw = generator(1);

mkdirSync(join(folder, "texts"), { recursive: true });
write("tables/tides.csv", tides());
write("tables/strokes.csv", strokes());
const [source] = process.argv.slice(2);
if (source) {
  const text = readFileSync(source, "utf8");
  write("texts/romeo-and-juliet.txt", textOf(text, "Romeo and Juliet"));
  write("tables/speeches.csv", speeches(text));
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
  console.log(`data/${name}: ${Buffer.byteLength(text)} bytes`);
}

/** Numbers in [0, 1): a multiplicative congruential generator (Lehmer; Park and Miller's constants). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The height of the sea, hour by hour for ninety days: five tidal constituents, and wind. */
function tides() {
  // Amplitude in metres, period in hours: M2, S2, N2, K1, O1.
  const constituents = [
    [1.6, 12.4206],
    [0.55, 12],
    [0.32, 12.6583],
    [0.12, 23.9345],
    [0.09, 25.8193],
  ];
  let wind = 0;
  const rows = Array.from({ length: 90 * 24 }, (_, hour) => {
    wind = 0.9 * wind + 0.1 * (draw() - 0.5);
    const tide = constituents.reduce((sum, [size, period]) => sum + size * Math.cos((2 * Math.PI * hour) / period), 0);
    return `${hour},${wind.toFixed(3)},${(tide + wind).toFixed(3)}`;
  });
  return `${["hour,wind,height", ...rows].join("\n")}\n`;
}

/** Strokes of a pen, a row for each point: circles, triangles and zigzags of any size, place, start and speed. */
function strokes() {
  const shapes = {
    circle: (t) => [Math.cos(2 * Math.PI * t), Math.sin(2 * Math.PI * t)],
    triangle: (t) =>
      alongPath(
        [
          [0, 1],
          [0.87, -0.5],
          [-0.87, -0.5],
          [0, 1],
        ],
        t,
      ),
    zigzag: (t) =>
      alongPath(
        [
          [-1, -0.5],
          [-0.5, 0.5],
          [0, -0.5],
          [0.5, 0.5],
          [1, -0.5],
        ],
        t,
      ),
  };
  const rows = ["stroke,point,x,y,shape"];
  for (let stroke = 0; stroke < 150; stroke++) {
    const name = Object.keys(shapes)[stroke % 3];
    const [points, size, x, y, start] = [12 + Math.floor(draw() * 13), 1 + draw(), draw(), draw(), draw()];
    for (let point = 0; point < points; point++) {
      const along = point / (points - 1);
      const [dx, dy] = shapes[name](name === "zigzag" ? along : (along + start) % 1);
      const noise = () => 0.1 * (draw() - 0.5);
      rows.push(
        `${stroke},${point},${(x + size * dx + noise()).toFixed(3)},${(y + size * dy + noise()).toFixed(3)},${name}`,
      );
    }
  }
  return `${rows.join("\n")}\n`;
}

function alongPath(corners, t) {
  const place = t * (corners.length - 1);
  const index = Math.min(Math.floor(place), corners.length - 2);
  const [[x0, y0], [x1, y1]] = [corners[index], corners[index + 1]];
  const part = place - index;
  return [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
}

/** The speeches of a play. */
function speechesOf(text, play) {
  const [start, end] = borders[play].map((words) => text.indexOf(words));
  if (start < 0 || end < 0) throw new Error(`The file lacks ${play}`);
  return text
    .slice(start, end)
    .trim()
    .split("\n\n")
    .map((block) => ({ words: block.slice(block.indexOf(":\n") + 2), block }));
}

function textOf(text, play) {
  return `${speechesOf(text, play)
    .map(({ block }) => block)
    .join("\n\n")}\n`;
}

/** Speeches of three plays, of eight to forty words, and which play each is from. */
function speeches(text) {
  const rows = ["play,speech"];
  const plays = Object.keys(borders).map((play) =>
    speechesOf(text, play)
      .map(({ words }) => words.replaceAll("\n", " ").trim())
      .filter((words) => words.split(" ").length >= 8 && words.split(" ").length <= 40)
      .map((words) => `${play},"${words.replaceAll('"', '""')}"`),
  );
  const count = Math.min(400, ...plays.map(({ length }) => length));
  for (let index = 0; index < count; index++)
    for (const play of plays) rows.push(play[Math.floor((index * play.length) / count)]);
  return `${rows.join("\n")}\n`;
}
