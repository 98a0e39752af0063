// How fast the window is: the built page and a release build of the engine, in a browser. `make bench ONLY=window` runs
// it and prints what it tells; nothing here fails for being slow.
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Host, settle } from "../host";
import { Figures } from "./figures";
import { median, quantile, type Frame } from "./frames";
import { findFault, jumpToEnd } from "./keystroke";
import { memoryOf, peakOf } from "./memory";
import { clickIn, dragThumb, GRID, MOVES, STUB, toTop, type Scroller } from "./moving";
import { openTimed } from "./opening";
import { blanksOf } from "./sight";
import { openStub } from "./stub";

const ROUNDS = 3;
/** A frame more is another one that somebody waits. */
const NEXT_FRAME = 2;

const { MUSTER_BENCH_CSV: csv = "", MUSTER_BENCH_XLSX: workbook = "", MUSTER_BENCH_OUT: out = "" } = process.env;
const figures = new Figures();

async function openWorkbook(): Promise<void> {
  const host = await Host.start();
  const { page } = await host.open();
  await settle(page);
  const took = await openTimed(page, workbook).finally(() => host.stop());
  figures.add("workbook, progress is seen", took.progress, "ms", 150);
  figures.add("workbook, first rows", took.rows, "ms");
  figures.add("workbook, can be edited", took.editable, "ms");
  figures.add("workbook, problems are told", took.problems, "ms");
}

async function scroll(host: Host, grid: Scroller): Promise<void> {
  const { page } = await host.open();
  await openStub(page);
  for (const { name, target, move } of MOVES) {
    await page.bringToFront();
    const stub = await move({ page, view: STUB });
    await grid.page.bringToFront();
    const own = await move(grid);
    const long = (frames: Frame[]) =>
      quantile(
        frames.map((frame) => frame.long),
        0.95,
      );
    const work = (frames: Frame[]) =>
      quantile(
        frames.map((frame) => frame.work),
        0.95,
      );
    figures.add(`${name}: 95 of 100 frames, stub`, long(stub), "ms");
    figures.add(`${name}: 95 of 100 frames`, long(own), "ms");
    figures.add(`${name}: 95 of 100 frames ÷ stub`, long(own) / long(stub), "×", target);
    figures.add(`${name}: work in 95 of 100 frames, stub`, work(stub), "ms");
    figures.add(`${name}: work in 95 of 100 frames`, work(own), "ms");
  }
  await page.close();
}

/** Rows that are not there yet when they come into sight. */
async function look(grid: Scroller): Promise<void> {
  await toTop(grid);
  const seen = await blanksOf(grid.page, () => dragThumb(grid));
  const sum = seen.reduce((all, one) => all + one, 0);
  figures.add("thumb: rows without number or key", sum / seen.length, "of all rows", 0);
}

/** To rows that nobody has asked for yet. */
async function jump(grid: Scroller): Promise<void> {
  await clickIn(grid);
  const people = Number(await grid.page.locator(".grid").getAttribute("aria-rowcount")) - 1;
  const took = await jumpToEnd(grid.page, people);
  figures.add("jump to the last row", took.frames, "frames");
  figures.add("jump to the last row, until it is painted", took.ms, "ms");
}

async function type(grid: Scroller): Promise<void> {
  await toTop(grid);
  await clickIn(grid);
  const faults = [];
  for (let n = 0; n < 5; n++) faults.push(await findFault(grid.page));
  figures.add("Enter to the finding", median(faults.map((fault) => fault.frames)), "frames", NEXT_FRAME);
  figures.add("Enter to the finding, until it is painted", median(faults.map((fault) => fault.ms)), "ms");
}

async function weigh(host: Host): Promise<void> {
  const { engine, pages } = await host.processes();
  const all = await Promise.all(pages.map(memoryOf));
  figures.add("memory of the page", Math.max(...all.map((one) => one ?? 0)), "MiB");
  figures.add("memory of the engine", await memoryOf(engine), "MiB");
  figures.add("memory of the engine, at the most", await peakOf(engine), "MiB");
}

async function openMillion(host: Host): Promise<void> {
  const { page, complaints } = await host.open();
  // The window stands when somebody chooses a file.
  await settle(page);
  const took = await openTimed(page, csv);
  figures.add("CSV, first rows", took.rows, "ms", 150);
  figures.add("CSV, all rows can be read", took.all, "ms");
  figures.add("CSV, can be edited", took.editable, "ms");
  figures.add("CSV, problems are told", took.problems, "ms");
  await settle(page);
  const grid = { page, view: GRID };
  await jump(grid);
  await scroll(host, grid);
  await look(grid);
  await type(grid);
  await weigh(host);
  expect(complaints).toEqual([]);
}

test("the window is measured", { timeout: 600_000 }, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const host = await Host.start({ scrollbars: true });
    await openMillion(host).finally(() => host.stop());
    await openWorkbook();
  }
  const told = figures.told();
  if (out) await writeFile(out, JSON.stringify(told, null, 1));
  else console.table(told);
});
