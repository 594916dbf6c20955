import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { obtainFromInstaller } from "../../../../src/runtime/provision/installer-route";
import { silentReporter } from "../../../../src/runtime/provision/provision-reporter";

// The true host is not needed: a server on this machine stands for it, with an archive of the same layout.
let folder: string;
let server: Server;
let archive: Buffer;
let sha256: string;
let answer: RequestListener;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-installer-"));
  mkdirSync(join(folder, "made", "lib"), { recursive: true });
  mkdirSync(join(folder, "made", "include", "tensorflow", "c"), { recursive: true });
  writeFileSync(join(folder, "made", "lib", "libtensorflow.so.2.9.1"), "library");
  writeFileSync(join(folder, "made", "include", "tensorflow", "c", "c_api.h"), "header");
  execFileSync("tar", ["-czf", join(folder, "archive.tar.gz"), "-C", join(folder, "made"), "lib", "include"]);
  archive = readFileSync(join(folder, "archive.tar.gz"));
  sha256 = createHash("sha256").update(archive).digest("hex");
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.TFJS_NODE_CDN_STORAGE = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  delete process.env.TFJS_NODE_CDN_STORAGE;
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const obtain = (options = { sha256 }) =>
  obtainFromInstaller(join(folder, "out"), join(folder, "work"), silentReporter, undefined, options);

const hasArchive = ["linux-x64", "darwin-arm64"].includes(`${process.platform}-${process.arch}`);

(hasArchive ? describe : describe.skip)("TensorFlow.js's installer route", () => {
  test("downloads, checks and unpacks", async () => {
    const asked: (string | undefined)[] = [];
    answer = ({ url }, response) => {
      asked.push(url);
      response.setHeader("content-length", archive.length).end(archive);
    };
    expect(await obtain()).toMatch(/libtensorflow 2\.\d/);
    expect(asked[0]).toMatch(/\/libtensorflow.*\.tar\.gz$/);
    expect(readdirSync(join(folder, "out", "lib"))).toEqual(["libtensorflow.so.2.9.1"]);
    expect(readdirSync(join(folder, "work"))).toEqual([]);
  });

  test("a wrong sum is refused", async () => {
    answer = (_request, response) => response.end(archive);
    await expect(obtain({ sha256: "0".repeat(64) })).rejects.toThrow(/has the SHA-256 sum .* instead of 0000/);
  });

  test("an HTTP error is an error, not an archive", async () => {
    answer = (_request, response) => response.writeHead(404).end("<html>not here</html>");
    await expect(obtain()).rejects.toThrow("answers 404");
  });

  test("a download that breaks off is refused", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 20), () => response.destroy());
    };
    await expect(obtain()).rejects.toThrow(/broke off|ended after/);
  });

  test("a host that is not there is named", async () => {
    const before = process.env.TFJS_NODE_CDN_STORAGE;
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    process.env.TFJS_NODE_CDN_STORAGE = `http://${host}/`;
    try {
      await expect(obtain()).rejects.toThrow(`${host} can't be reached (ECONNREFUSED)`);
    } finally {
      process.env.TFJS_NODE_CDN_STORAGE = before;
    }
  });
});
