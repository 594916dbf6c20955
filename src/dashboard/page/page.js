// The page of a run. Gets the whole picture of it (RunPicture in run-state.ts) some times a second, as long as it changes, and draws
// it. Texts are set as text, never as markup: names of files and labels are in them.
"use strict";

const svgNamespace = "http://www.w3.org/2000/svg";
const width = 480;
const height = 220;
const margin = { left: 52, right: 12, top: 10, bottom: 22 };

const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function svgElement(name, attributes = {}, children = []) {
  const made = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function figure(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2);
  return value.toFixed(size < 100 ? 4 : 1);
}

const count = (value) => Math.round(value).toLocaleString("en-US");

function duration(seconds) {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] > 0 ? parts : parts.slice(1))
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0")))
    .join(":");
}

function showFacts(run) {
  const facts = [
    ["epoch", `${Math.max(1, run.epoch)} of ${run.epochs}`],
    ["time left", run.secondsLeft === null ? "–" : duration(run.secondsLeft)],
    ["examples/s", run.examplesPerSecond === null ? "–" : count(run.examplesPerSecond)],
    ["device", run.device === null ? "–" : `${run.device}, ${run.engine}`],
    ["memory", `${count(run.memoryBytes / 2 ** 20)} MiB`],
    ["learning rate", run.learningRate === null ? "–" : String(Number(run.learningRate.toPrecision(3)))],
    ["parameters", run.parameters === null ? "–" : count(run.parameters)],
    ["examples", run.examples === null ? "–" : `${count(run.examples.train)} + ${count(run.examples.validation)}`],
    ...Object.entries(run.figures).map(([name, value]) => [name, figure(value)]),
  ];
  byId("facts").replaceChildren(
    ...facts.map(([name, value]) => element("div", {}, [element("dt", {}, [name]), element("dd", {}, [value])])),
  );
}

/** A chart for each metric: training and validation, and for the loss each step, faint. */
function showCharts(run) {
  const names = Object.keys(run.history.at(-1)?.metrics ?? run.figures).filter((name) => !name.startsWith("val_"));
  const perEpoch = (name) => run.history.flatMap(({ epoch, metrics }) => pointOf(epoch, metrics[name]));
  const charts = names.map((name) => {
    const curves = [
      { kind: "train", points: perEpoch(name) },
      { kind: "validation", points: perEpoch(`val_${name}`) },
    ];
    if (name === "loss") curves.unshift({ kind: "train faint", points: stepCurve(run) });
    return chart(name, curves);
  });
  byId("charts").replaceChildren(...charts);
}

const pointOf = (x, y) => (y === null || y === undefined ? [] : [[x, y]]);

/** In epochs, from the steps of a whole one where that is known. */
function stepCurve({ steps, history, fraction, epochs }) {
  const last = history.at(-1);
  const done = steps.firstStep + steps.losses.length * steps.stepsPerPoint;
  const stepsPerEpoch = last ? last.step / last.epoch : done / Math.max(1e-9, fraction * epochs);
  return steps.losses.map((loss, index) => [
    (steps.firstStep + (index + 0.5) * steps.stepsPerPoint) / stepsPerEpoch,
    loss,
  ]);
}

function chart(name, curves) {
  const all = curves.flatMap(({ points }) => points);
  const caption = [name];
  for (const { kind, points } of curves) {
    if (kind === "train faint" || points.length === 0) continue;
    caption.push("  ", element("span", { class: kind }, [`${kind} ${figure(points.at(-1)[1])}`]));
  }
  const drawing = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  drawing.setAttribute("aria-label", `${name} by epoch: ${caption.map((part) => part.textContent ?? part).join(" ")}`);
  if (all.length > 0) drawing.append(...marks(curves, all));
  return element("figure", {}, [element("figcaption", {}, caption), drawing]);
}

function marks(curves, all) {
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y);
  const [left, right] = [Math.min(...xs, 0), Math.max(...xs, 1)];
  const [low, high] = padded(Math.min(...ys), Math.max(...ys));
  const x = (value) => margin.left + ((value - left) / (right - left)) * (width - margin.left - margin.right);
  const y = (value) => height - margin.bottom - ((value - low) / (high - low)) * (height - margin.top - margin.bottom);
  const ticks = [0, 1, 2, 3].map((index) => low + ((high - low) * index) / 3);
  return [
    ...ticks.flatMap((tick) => [
      svgElement("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
      svgElement("text", { x: margin.left - 6, y: y(tick) + 4, "text-anchor": "end" }, [tickText(tick)]),
    ]),
    svgElement("text", { x: margin.left, y: height - 6 }, [`epoch ${Math.round(left)}`]),
    svgElement("text", { x: width - margin.right, y: height - 6, "text-anchor": "end" }, [String(Math.ceil(right))]),
    ...curves.flatMap(({ kind, points }) => {
      const line = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(" ");
      // One point alone makes no line.
      if (points.length === 1) {
        const [[px, py]] = points;
        return [svgElement("circle", { class: kind, cx: x(px), cy: y(py), r: 3 })];
      }
      return points.length > 1 ? [svgElement("polyline", { class: kind, points: line })] : [];
    }),
  ];
}

function padded(low, high) {
  const space = high > low ? (high - low) * 0.05 : Math.max(Math.abs(high) * 0.05, 1e-6);
  return [low - space, high + space];
}

const tickText = (value) => String(Number(value.toPrecision(3)));

function showEpochs({ history }) {
  const names = Object.keys(history[0]?.metrics ?? {});
  const cells = (kind, texts) =>
    element(
      "tr",
      {},
      texts.map((text) => element(kind, {}, [text])),
    );
  const rows = history
    .slice(-200)
    .reverse()
    .map(({ epoch, metrics, seconds, isBest }) =>
      cells("td", [
        String(epoch),
        ...names.map((name) => figure(metrics[name])),
        `${seconds.toFixed(1)} s`,
        isBest ? "best so far" : "",
      ]),
    );
  const head = cells("th", ["epoch", ...names, "time", ""]);
  byId("epochs").replaceChildren(element("thead", {}, [head]), element("tbody", {}, rows));
}

function showLog({ log }) {
  const lines = log.map(({ kind, text, time }) =>
    element("li", { class: kind }, [
      `${new Date(time).toLocaleTimeString()}  ${kind === "warning" ? "warning: " : ""}${text}`,
    ]),
  );
  byId("log").replaceChildren(...(lines.length > 0 ? lines.reverse() : [element("li", {}, ["none"])]));
}

const states = {
  preparing: "reading the data",
  training: "training",
  done: "done: the model is written",
  ended: "stopped",
};

let isOver = false;
const events = new EventSource("events");
events.onmessage = ({ data }) => {
  const run = JSON.parse(data);
  isOver = run.state === "done" || run.state === "ended";
  byId("model").textContent = run.model;
  byId("state").textContent = states[run.state];
  document.title = `${Math.floor(100 * run.fraction)} % ${run.model}`;
  byId("progress").value = run.fraction;
  showFacts(run);
  showCharts(run);
  showEpochs(run);
  showLog(run);
};
events.onerror = () => {
  if (isOver) events.close();
  else byId("state").textContent = "no connection to the run; trying again";
};
