import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { packageFolder } from "../runtime/package-folders";

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
};

const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** Answers a request for the page, its parts, or `/events`, a stream of server-sent events that `subscribe` gets. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  subscribe: (page: ServerResponse) => void,
): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  // A page elsewhere whose name is made to lead here (DNS rebinding) has that name as host.
  const path = (request.url ?? "/").split("?", 1)[0] as string;
  const found = Object.hasOwn(files, path) ? files[path] : undefined;
  if (!isLocal(request)) {
    sendText(response, 403, "This page is for the machine that it runs on.");
  } else if (request.method !== "GET") {
    sendText(response, 405, "Only GET is answered.");
  } else if (path === "/events") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    subscribe(response);
  } else if (found) {
    const [file, type] = found;
    response.writeHead(200, { "Content-Type": type });
    response.end(readFileSync(join(pageFolder, file)));
  } else {
    sendText(response, 404, "There is nothing here.");
  }
}

/** Built from `src/dashboard/page`. */
const pageFolder = join(packageFolder, "dist", "dashboard", "page");

function isLocal({ headers, socket }: IncomingMessage): boolean {
  const { host, origin } = headers;
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${socket.localPort}`);
  if (socket.localPort === 80) hosts.push("127.0.0.1", "localhost", "[::1]");
  if (host === undefined || !hosts.includes(host)) return false;
  return origin === undefined || hosts.some((each) => origin === `http://${each}`);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
