import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const browsers = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];

/** A browser of this machine; undefined where there is none. `CHROMIUM` names another. */
export const chromium: string | undefined = [process.env.CHROMIUM, ...browsers].find(
  (path): path is string => path !== undefined && existsSync(path),
);

export interface OpenedPage {
  readonly width: number;
  readonly theme: "light" | "dark";
  /** Console messages and errors, violations of the policy among them. */
  readonly complaints: readonly string[];
  /** Wider than the window: something sticks out. */
  readonly scrollWidth: number;
  readonly background: string;
  /** Pictures that could not be shown. */
  readonly brokenPictures: number;
  /** Texts and shapes in charts that are drawn outside of them. */
  readonly outside: readonly string[];
  /** Requests for anything but the page itself and what it holds. */
  readonly requests: readonly string[];
}

/** Opens a file in headless Chromium, at each width and in each theme. */
export async function openInChromium(
  file: string,
  views: readonly { readonly width: number; readonly theme: "light" | "dark" }[],
): Promise<OpenedPage[]> {
  const browser = await puppeteer.launch({
    executablePath: chromium as string,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const opened: OpenedPage[] = [];
    for (const { width, theme } of views) {
      const page = await browser.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        if (!/^(file|data):/.test(request.url())) requests.push(request.url());
      });
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      await page.goto(pathToFileURL(file).href);
      // Written as text: it runs in the page, and the tests' compiler knows no page.
      const found = (await page.evaluate(`({
        scrollWidth: document.documentElement.scrollWidth,
        background: getComputedStyle(document.body).backgroundColor,
        brokenPictures: [...document.images].filter((image) => image.naturalWidth === 0).length,
        outside: [...document.querySelectorAll("figure > svg")].flatMap((svg) => {
          const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("text, .bar, .mark")].filter((part) => {
            const box = part.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
          }).map((part) => svg.querySelector("title").textContent + ": " + part.textContent);
        }),
      })`)) as Pick<OpenedPage, "scrollWidth" | "background" | "brokenPictures" | "outside">;
      opened.push({ width, theme, complaints, requests, ...found });
      await page.close();
    }
    return opened;
  } finally {
    await browser.close();
  }
}
