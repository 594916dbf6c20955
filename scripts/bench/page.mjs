// docs/performance.md, from the figures.

const count = (value) =>
  value === null ? "-" : (value >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString("en-US");
const times = (value) => (value === null ? "-" : value.toFixed(2));
const megabytes = (bytes) => (bytes ? Math.round(bytes / 1e6).toLocaleString("en-US") : "-");
const seconds = (value) => (value === null ? "-" : value.toFixed(2));

function table(head, rows, textColumns = 1) {
  const rule = head.map((_, column) => (column < textColumns ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Names of models, with how often dlctl is as fast as the other. */
function listed(rows, pick, isListed) {
  const found = rows.filter((row) => pick(row) !== null && isListed(pick(row)));
  return found.map((row) => `${row.name ?? row.title} (${times(pick(row))})`).join("; ") || "none";
}

const within = (goal) => (value) => value < goal;

function trainingSection(training) {
  const rows = training.map((row) => [
    row.title,
    count(row.dlctl),
    count(row.keras),
    count(row.torch),
    times(row.overKeras),
    times(row.overTorch),
    `±${Math.round(100 * row.spread)} %`,
  ]);
  const settings = training.map(({ title, choices }) => [title, choices.keras, choices.torch]);
  return `## Training

Examples a second in epochs after the first; a ratio above 1 means that dlctl is faster. The last column says how far
dlctl's epochs lie from their median.

${table(["model", "dlctl", "Keras", "PyTorch", "dlctl / Keras", "dlctl / PyTorch", "spread"], rows)}

Slower than Keras: ${listed(training, (row) => row.overKeras, within(1))}. Slower than PyTorch: ${listed(training, (row) => row.overTorch, within(1))}.

The settings of the other two are the fastest of those that were tried before the first round: Keras with \`tf.data\` (cached,
prefetched), with arrays, with eight steps an execution, with \`jit_compile\`, recurrent layers also unrolled; PyTorch
eager and with \`torch.compile\`, convolutions also with channels last; with fused Adam, and whole batches indexed at once.

${table(["model", "Keras", "PyTorch"], settings, 3)}

That all do the same work shows in parameters and losses (which differ as weights and orders are drawn differently;
PyTorch's LSTM and GRU have their biases twice):

${table(
  ["model", "parameters: dlctl", "Keras", "PyTorch", "last loss: dlctl", "Keras", "PyTorch"],
  training.map(({ title, parameters, losses }) => [
    title,
    ...["dlctl", "keras", "torch"].map((tool) => parameters[tool].toLocaleString("en-US")),
    ...["dlctl", "keras", "torch"].map((tool) => losses[tool].toPrecision(3)),
  ]),
)}

### Memory

Most memory of the process that trains, in MB.

${table(
  ["model", "dlctl", "Keras", "PyTorch"],
  training.map(({ title, memory }) => [title, ...["dlctl", "keras", "torch"].map((tool) => megabytes(memory[tool]))]),
)}
`;
}

function predictionSection(prediction) {
  const rows = prediction.map((row) => [
    row.title,
    row.size,
    ...[row.dlctl, row.kerasPredict, row.kerasOnBatch, row.torch, row.onnx].map(count),
    ...["kerasPredict", "kerasOnBatch", "torch", "onnx"].map((tool) => times(row.ratios[tool])),
  ]);
  const named = prediction.map((row) => ({ ...row, name: `${row.title}, batch of ${row.size}` }));
  const losing = (tool) => listed(named, (row) => row.ratios[tool], within(1));
  return `## Prediction

Examples a second, by the median of the times of a call, from inputs in memory to outputs in memory, the model loaded.
\`on_batch\` is Keras's \`predict_on_batch\`, ONNX is onnxruntime with the model that PyTorch exports.

${table(
  [
    ...["model", "batch", "dlctl", "Keras `predict`", "Keras `on_batch`", "PyTorch", "ONNX"],
    ...["/ `predict`", "/ `on_batch`", "/ PyTorch", "/ ONNX"],
  ],
  rows,
)}

Slower than Keras's \`predict\`: ${losing("kerasPredict")}. Than \`predict_on_batch\`: ${losing("kerasOnBatch")}. Than PyTorch: ${losing("torch")}. Than
onnxruntime: ${losing("onnx")}.
`;
}

/** Seconds from the start of a process to its end, of each tool; empty where none were measured. */
export function coldSection(cold) {
  if (!cold) return "";
  const rows = Object.entries(cold).map(([name, value]) => [name, seconds(value), times(value / cold.dlctl)]);
  return `## One picture, from nothing

\`dlctl predict model/ picture.png\`, and a script that does the same with each other tool: from the start of the process
to its end, files in the operating system's memory. Median, in seconds.

${table(["", "seconds", "times dlctl's"], rows)}
`;
}

/** The whole page. */
export function performancePage({ training, prediction, cold, machine, command, date, rounds }) {
  return `# How fast it is

dlctl beside Keras and PyTorch, doing the same work on the same machine: the same shapes and parameters, batches of 32,
Adam at 0.001, as many steps, shuffled, with loss and accuracy. Each runs in a process of its own, none beside another, and
rounds take turns; the figures are medians over ${rounds} ${rounds === 1 ? "round" : "rounds"}. dlctl runs as its users run it: \`dlctl train\`, \`dlctl bench\`,
\`dlctl predict\`.

${machine.map((line) => `- ${line}`).join("\n")}
- ${date}, by \`${command}\`, which writes this page. \`dlctl bench\` measures your own config or model.

Made-up data in memory: what is compared is computing, and not the reading of files. What dlctl writes between epochs
(checkpoints) is not in its rates, as the other two write none.

${trainingSection(training)}
${predictionSection(prediction)}
${coldSection(cold)}`.replace(/\n{3,}/g, "\n\n");
}

const marks = ["<!-- whole runs: written by npm run bench -- --whole-runs -->", "<!-- end of whole runs -->"];

/** What `page` says of whole runs, marks included; empty where it says nothing. */
function wholeRunsIn(page) {
  const [start, end] = [page.indexOf(marks[0]), page.indexOf(marks[1])];
  return start < 0 || end < 0 ? "" : page.slice(start, end + marks[1].length);
}

/** `page` with the section of whole runs that `other`, an older page, has. */
export function keepWholeRuns(page, other) {
  const section = wholeRunsIn(other);
  return section === "" ? page : `${page.trimEnd()}\n\n${section}\n`;
}

/** `page` with this section of whole runs instead of its own. */
export function putWholeRuns(page, section) {
  return `${page.replace(wholeRunsIn(page), "").trimEnd()}\n\n${section}\n`;
}

export function wholeRunsSection({ whole, epochs, machine, command, date }) {
  const names = { dlctl: "dlctl", keras: "Keras", torch: "PyTorch" };
  const rows = Object.entries(names).map(([tool, name]) => [
    name,
    ...["cold", "warm"].map((state) => seconds(whole[tool][state])),
    ...["cold", "warm"].map((state) => times(whole[tool][state] / whole.dlctl[state])),
    whole[tool].accuracy.toFixed(3),
  ]);
  return `${marks[0]}

## Whole runs

From photographs on disk to a trained model, the start of the process included: the article's CNN on the flower
photographs at 224 x 224 in gray, ${epochs} epochs, with validation. Warm: decoded images of an earlier run are kept, by
dlctl in its cache, by Keras in files of \`tf.data\`'s cache, by PyTorch in a file of its own. Seconds. The work is the same; how far it gets in so many steps, each with its own initial weights, says
the accuracy in training at the end.

${table(["", "cold", "warm", "cold, times dlctl's", "warm, times dlctl's", "accuracy in training"], rows)}

${machine.map((line) => `- ${line}`).join("\n")}
- ${date}, by \`${command}\`

${marks[1]}`;
}
