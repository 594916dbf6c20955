import { request } from "node:http";
import { type Dashboard, startDashboard } from "../../../src/dashboard/start-dashboard";
import { EnvironmentError } from "../../../src/shared/errors";

let dashboard: Dashboard;
beforeEach(async () => {
  dashboard = await startDashboard({ model: "models/a<b>", port: 0 });
});
afterEach(() => dashboard.close());

const port = () => Number(new URL(dashboard.url).port);

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Node's own request: fetch does not let a host be chosen. */
function ask(path: string, { method = "GET", headers = {} as Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: port(), path, method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (text) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on("error", reject).end();
  });
}

/** Whole events as they come, parsed. */
async function* listen(): AsyncGenerator<{ state: string; log: { text: string }[]; steps: { losses: number[] } }> {
  const { body } = await fetch(`${dashboard.url}events`);
  let text = "";
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(bytes).toString("utf8");
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield JSON.parse(text.slice("data: ".length, end));
      text = text.slice(end + 2);
    }
  }
}

const start = {
  type: "start",
  device: "js",
  engine: "eager",
  precision: "float32",
  resumedFrom: null,
  epochs: 2,
  stepsPerEpoch: 3,
  examples: { train: 30, validation: 0, test: 0 },
  outputs: ["y"],
  task: "regression",
  inputs: "vector",
  parameters: 1,
} as const;

const step = (number: number) =>
  ({
    type: "step",
    epoch: 1,
    step: number,
    stepInEpoch: number,
    examples: 10 * number,
    loss: 1 / number,
    metrics: { loss: 1 / number, r2: Number.NaN },
    learningRate: 0.1,
    examplesPerSecond: 50,
  }) as const;

test("the page and its parts, under a policy that lets nothing else in", async () => {
  for (const [path, type] of [
    ["/", "text/html"],
    ["/page.js", "text/javascript"],
    ["/page.css", "text/css"],
  ] as const) {
    const { status, headers, body } = await ask(path);
    expect([status, String(headers["content-type"]).split(";")[0]]).toEqual([200, type]);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(body.length).toBeGreaterThan(100);
  }
  for (const path of ["/..%2f..%2fpackage.json", "/../../package.json", "/__proto__", "/constructor"]) {
    expect((await ask(path)).status).toBe(404);
  }
  expect((await ask("/", { method: "POST" })).status).toBe(405);
});

test("only who asks for this machine by its own name is answered", async () => {
  for (const host of [`127.0.0.1:${port()}`, `localhost:${port()}`]) {
    expect((await ask("/", { headers: { host } })).status).toBe(200);
  }
  for (const host of ["evil.example", `evil.example:${port()}`, "127.0.0.1", `127.0.0.1:${port() + 1}`]) {
    expect((await ask("/events", { headers: { host } })).status).toBe(403);
  }
  const headers = { host: `127.0.0.1:${port()}`, origin: "http://evil.example" };
  expect((await ask("/events", { headers })).status).toBe(403);
});

test("a page that opens later has the history, follows, and learns how it ended", async () => {
  dashboard.handle({ type: "warning", message: "few examples" });
  dashboard.handle(start);
  for (const number of [1, 2]) dashboard.handle(step(number));
  const pictures = listen();
  const { value: first } = await pictures.next();
  expect(first).toMatchObject({
    model: "models/a<b>",
    state: "training",
    epoch: 1,
    epochs: 2,
    fraction: 2 / 6,
    figures: { loss: 0.5, r2: null },
    steps: { firstStep: 0, stepsPerPoint: 1, losses: [1, 0.5] },
    log: [{ kind: "warning", text: "few examples" }],
  });
  dashboard.handle(step(3));
  expect((await pictures.next()).value?.steps.losses).toEqual([1, 0.5, 1 / 3]);
  await dashboard.close("Interrupted");
  const { value: last } = await pictures.next();
  expect([last?.state, last?.log.at(-1)?.text]).toEqual(["ended", "Interrupted"]);
  expect((await pictures.next()).done).toBe(true);
});

test("a port that is taken is told with its number", async () => {
  const failure = startDashboard({ model: "m", port: port() });
  await expect(failure).rejects.toThrow(EnvironmentError);
  await expect(failure).rejects.toThrow(`port ${port()}`);
});
