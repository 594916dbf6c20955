import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EnvironmentError } from "../shared/errors";
import type { TrainingEvent } from "../train/events";
import { answer } from "./answer";
import { RunState } from "./run-state";

/** A live page of one run, for browsers on this machine alone. */
export interface Dashboard {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string;
  handle(event: TrainingEvent): void;
  /** Tells the pages that the run is over, and why where it is not done, and ends. Idempotent. */
  close(reason?: string): Promise<void>;
}

/** Often enough to look alive; more would only cost the training. */
const tellMilliseconds = 400;
/** A page that does not take what it is sent, as in a sleeping browser, is let go; it comes back by itself. */
const mostPendingBytes = 4 * 2 ** 20;

interface DashboardOptions {
  /** The model folder as the user calls it. */
  readonly model: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Serves the page on the loopback address. Throws EnvironmentError when the port can't be had. */
export async function startDashboard({ model, port }: DashboardOptions): Promise<Dashboard> {
  const state = new RunState(model);
  const pages = new Set<ServerResponse>();
  const message = () => `data: ${JSON.stringify(state.picture)}\n\n`;
  const server = createServer((request, response) =>
    answer(request, response, (page) => {
      page.write(message());
      pages.add(page);
      page.on("close", () => pages.delete(page));
    }),
  );
  await listen(server, port);
  const tell = () => {
    if (pages.size === 0) return;
    const text = message();
    for (const page of pages) {
      if (page.writableLength > mostPendingBytes) page.destroy();
      else page.write(text);
    }
  };
  let isChanged = false;
  const timer = setInterval(() => {
    if (isChanged) tell();
    isChanged = false;
  }, tellMilliseconds);
  // A page that is open is no reason to go on.
  timer.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    handle(event) {
      state.handle(event);
      isChanged = true;
    },
    async close(reason) {
      if (!server.listening) return;
      clearInterval(timer);
      state.end(reason);
      tell();
      for (const page of pages) page.end();
      const closed = once(server, "close");
      server.close();
      // What was written last has a moment to arrive.
      const patience = setTimeout(() => server.closeAllConnections(), 500);
      server.closeIdleConnections();
      await closed;
      clearTimeout(patience);
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "something else listens there already" : message;
    throw new EnvironmentError(`The dashboard can't have port ${port}: ${reason}`, {
      hint: "Name another one, --dashboard 8081, or any that is free: --dashboard 0.",
      cause: error,
    });
  }
}
