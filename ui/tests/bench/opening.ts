import type { Page } from "playwright-core";

/** Milliseconds from when the file was chosen until it was painted; null where it never was. */
export interface Opened {
  /** Something that says how far it is. */
  progress: number | null;
  /** Rows with what is in them. */
  rows: number | null;
  /** All of them can be scrolled to. */
  all: number | null;
  /** The list is open, and a cell can be changed. */
  editable: number | null;
  /** Its problems are told. */
  problems: number | null;
}

const PATIENCE = 120_000;

/** Opens a file by the keys, and looks at every frame until all is there. */
export async function openTimed(page: Page, file: string): Promise<Opened> {
  await page.evaluate((path) => {
    const seen: Record<keyof Opened, number | null> = {
      progress: null,
      rows: null,
      all: null,
      editable: null,
      problems: null,
    };
    const filled = (grid: string) =>
      [...document.querySelectorAll(`${grid} .slick-row .slick-cell .text`)].some((cell) => cell.textContent !== "");
    const signs: Record<keyof Opened, () => boolean> = {
      progress: () => document.querySelector(".strip progress") !== null,
      rows: () => filled(".grid"),
      all: () => /You can read/.test(document.querySelector(".strip")?.textContent ?? ""),
      editable: () => filled(".grid:not(.provisional)"),
      problems: () => document.querySelector(".side .rule") !== null,
    };
    const names = Object.keys(signs) as (keyof Opened)[];
    let chosen = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<(keyof Opened)[]>) => {
      for (const name of data) seen[name] = performance.now() - chosen;
    };
    const look = () => {
      const now = names.filter((name) => seen[name] === null && signs[name]());
      if (now.length > 0) port2.postMessage(now);
      if (!now.includes("problems")) requestAnimationFrame(look);
    };
    window.__musterPick = () => {
      chosen = performance.now();
      requestAnimationFrame(look);
      return Promise.resolve(path);
    };
    Object.assign(window, { seen });
  }, file);
  await page.keyboard.press("Control+o");
  await page.waitForFunction(() => (window as unknown as { seen: Opened }).seen.problems !== null, null, {
    timeout: PATIENCE,
    polling: 100,
  });
  return page.evaluate(() => (window as unknown as { seen: Opened }).seen);
}
