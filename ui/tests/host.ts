import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Browser, type BrowserContextOptions, type Page, type Request } from "playwright-core";
import { expect } from "vitest";

const DIST = join(import.meta.dirname, "..", "dist");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What each page has asked for and has not got yet. */
const underWay = new WeakMap<Page, Set<Request>>();

/** The page with the real engine behind it, in a browser, with an empty home of its own. */
export class Host {
  private constructor(
    private readonly program: ChildProcess,
    private readonly browser: Browser,
    private readonly address: string,
    readonly home: string,
  ) {}

  /** `scrollbars` shows those that the browser hides from tests: there is no thumb to be dragged without them. */
  static async start({ scrollbars = false } = {}): Promise<Host> {
    const name = process.env.MUSTER_HOST;
    if (!name) throw new Error("MUSTER_HOST must name the test host; `make test` sets it");
    const home = await mkdtemp(join(tmpdir(), "muster-page-"));
    const program = spawn(name, ["--dist", DIST, "--home", home], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const address = await firstLine(program);
    const path = process.env.CHROMIUM ?? BROWSERS.find((one) => existsSync(one));
    const browser = await chromium.launch({
      ...(path ? { executablePath: path } : {}),
      args: QUIET,
      ignoreDefaultArgs: scrollbars ? ["--hide-scrollbars"] : false,
    });
    return new Host(program, browser, address, home);
  }

  /** Opens the page afresh; whatever it complains about in the console fails the test that closes it. */
  async open(query = "", options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await this.browser.newContext({
      viewport: { width: 1360, height: 860 },
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    const asked = new Set<Request>();
    underWay.set(page, asked);
    page.on("request", (request) => asked.add(request));
    page.on("requestfinished", (request) => asked.delete(request));
    page.on("requestfailed", (request) => asked.delete(request));
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // A refusal of the engine is an answer, shown on screen.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        complaints.push(message.text());
      }
    });
    await page.goto(`${this.address}/${query}`);
    return { page, complaints };
  }

  /** The numbers of the processes in which the engine runs, and all pages that are open. */
  async processes(): Promise<{ engine: number; pages: number[] }> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    const pages = processInfo.filter((one) => one.type === "renderer").map((one) => one.id);
    return { engine: this.program.pid ?? 0, pages };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.program.kill("SIGTERM");
    await rm(this.home, { recursive: true, force: true });
  }
}

interface Visit {
  page: Page;
  complaints: string[];
}

/** Opens the sample list and waits for its people and its problems. */
export async function openSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Try it with a sample list" }).click();
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
  await page.locator(".rule").first().waitFor();
}

/** Asks the engine for something that the story is not about. */
export async function ask(page: Page, name: string, request: unknown): Promise<unknown> {
  return page.evaluate(
    async ([command, asked]) => {
      const answer = await fetch("/call", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: command, request: asked }),
      });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as unknown;
    },
    [name, request] as const,
  );
}

/** Answers what the LMS has now, in the strip above the people. */
export async function answerLmsHas(page: Page, answer: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Say it…", exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: answer }).check();
  await dialog.getByRole("button", { name: "So it is" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Waits until what has arrived is on screen. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Waits until nothing is on its way any more, and what came is on screen. What asks now and then does not keep it waiting. */
export async function settle(page: Page): Promise<void> {
  const asked = underWay.get(page);
  do {
    await expect.poll(() => asked?.size, { interval: 20, timeout: 30_000 }).toBe(0);
    await drawn(page);
  } while (asked?.size !== 0);
}

/** How many problems the Problems tab counts. */
export async function problemCount(page: Page): Promise<number> {
  const words = await page.getByRole("tab", { name: /^Problems/ }).textContent();
  return Number((words ?? "").replace(/\D/g, ""));
}

/** Answers the next dialogs with these paths. */
export async function willPick(page: Page, ...paths: (string | null)[]): Promise<void> {
  await page.evaluate((answers) => {
    window.__musterPick = () => Promise.resolve(answers.shift() ?? null);
  }, paths);
}

/** The text of the cell that has the keys. */
export function cellInHand(page: Page): Promise<string> {
  return page.evaluate(() => {
    const cell = document.activeElement;
    return cell?.classList.contains("slick-cell")
      ? (cell.querySelector(".text, .chips")?.textContent ?? "")
      : "(not a cell)";
  });
}

function firstLine(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!program.stdout) return reject(new Error("the host has no output"));
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`the host ended with ${String(code)}`)));
    createInterface({ input: program.stdout }).once("line", resolve);
  });
}
