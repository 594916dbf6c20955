import puppeteer from "puppeteer-core";
import { startDashboard } from "../../../src/dashboard/start-dashboard";
import { chromium } from "../../helpers/open-in-chromium";

const inBrowser = chromium === undefined ? test.skip : test;

inBrowser("the page draws what it is told, as text, and has nothing to complain of", async () => {
  const name = "models/<img src=x onerror=document.title='owned'>";
  const dashboard = await startDashboard({ model: name, port: 0 });
  dashboard.handle({
    type: "start",
    device: "js",
    engine: "eager",
    precision: "float32",
    resumedFrom: null,
    epochs: 2,
    stepsPerEpoch: 1,
    examples: { train: 30, validation: 3, test: 0 },
    outputs: ["y"],
    task: "regression",
    inputs: "vector",
    parameters: 1,
  });
  const browser = await puppeteer.launch({
    executablePath: chromium as string,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.setViewport({ width: 360, height: 800 });
    await page.goto(dashboard.url);
    for (const epoch of [1, 2]) {
      dashboard.handle({
        type: "epoch",
        epoch,
        step: epoch,
        metrics: { loss: 1 / epoch, val_loss: 2 / epoch, r2: Number.NaN },
        learningRate: 0.1,
        seconds: 1,
        examplesPerSecond: 30,
        isBest: true,
      });
    }
    dashboard.handle({ type: "warning", message: "a <b>bold</b> warning" });
    await page.waitForFunction('document.querySelectorAll("#log .warning").length === 1');
    const shown = (await page.evaluate(`({
      heading: document.getElementById("model").textContent,
      charts: [...document.querySelectorAll("figcaption")].map((each) => each.textContent),
      curves: document.querySelectorAll("polyline").length,
      rows: document.querySelectorAll("tbody tr").length,
      log: document.getElementById("log").textContent,
      markup: document.querySelectorAll("#log b, h1 img").length,
      width: document.documentElement.scrollWidth,
    })`)) as Record<string, unknown>;
    expect(shown).toMatchObject({ heading: name, curves: 2, rows: 2, markup: 0, width: 360 });
    expect(shown.charts).toEqual(["loss  train 0.5000  validation 1.0000", "r2"]);
    expect(shown.log).toContain("a <b>bold</b> warning");
    await dashboard.close();
    await page.waitForFunction('document.getElementById("state").textContent === "stopped"');
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    await dashboard.close();
  }
});
