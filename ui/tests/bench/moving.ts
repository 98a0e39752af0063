import type { Page } from "playwright-core";
import { framesOf, type Frame } from "./frames";

/** A scrolled box: the grid's, or the stub's. */
export interface Scroller {
  page: Page;
  view: string;
}

export const GRID = ".grid:not(.provisional) .slick-viewport-top.slick-viewport-right";
export const STUB = "#view";

/** Where it is moved, of all rows. */
const PLACES = [0, 0.3, 0.6, 0.9];
const WHEELS = 40;
const KEYS = 30;
/** As fast as a held key is told again. */
const REPEAT = 33;
/** Pixels that the pointer goes with the thumb at a time. */
const STEP = 3;

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Scrolls to these places, and moves from each on; the frames of that, and not of what the first brought. */
async function everywhere(scroller: Scroller, move: (scroller: Scroller) => Promise<void>): Promise<Frame[]> {
  const { page, view } = scroller;
  const all: Frame[] = [];
  for (const place of PLACES) {
    await page.locator(view).evaluate((element, part) => {
      element.scrollTop = part * (element.scrollHeight - element.clientHeight);
    }, place);
    await pause(400);
    await clickIn(scroller);
    await pause(200);
    all.push(...(await framesOf(page, () => move(scroller))));
  }
  return all;
}

/** What is measured of scrolling: how, and how many times as long as the stub's a frame may be. */
export const MOVES: { name: string; target: number; move: (scroller: Scroller) => Promise<Frame[]> }[] = [
  { name: "wheel", target: 1.1, move: (scroller) => everywhere(scroller, turnWheel) },
  { name: "PageDown held", target: 1.1, move: (scroller) => everywhere(scroller, holdPageDown) },
  { name: "thumb", target: 2, move: dragged },
];

/** A wheel that is turned on and on, a notch a frame. */
async function turnWheel({ page, view }: Scroller): Promise<void> {
  const { x, y } = await middle({ page, view });
  await page.mouse.move(x, y);
  for (let n = 0; n < WHEELS; n++) await page.mouse.wheel(0, 100);
}

async function dragged(scroller: Scroller): Promise<Frame[]> {
  await toTop(scroller);
  return framesOf(scroller.page, () => dragThumb(scroller));
}

/** Back to the first row and column. */
export async function toTop({ page, view }: Scroller): Promise<void> {
  await page.locator(view).evaluate((element) => element.scrollTo(0, 0));
  await pause(400);
}

/** Puts the keys there, without a key of its own that scrolls. */
export async function clickIn({ page, view }: Scroller): Promise<void> {
  const { x, y } = await middle({ page, view });
  await page.mouse.click(x, y);
}

/** A key that is held down. */
async function holdPageDown({ page }: Scroller): Promise<void> {
  for (let n = 0; n < KEYS; n++) {
    const again = pause(REPEAT);
    // Told again without having come up in between.
    await page.keyboard.down("PageDown");
    await again;
  }
  await page.keyboard.up("PageDown");
}

/** Takes the thumb with the pointer and draws it from the first row to the last. */
export async function dragThumb({ page, view }: Scroller): Promise<void> {
  const box = page.locator(view);
  const at = await box.evaluate((element) => {
    const { right, top, height } = element.getBoundingClientRect();
    const wide = element.getBoundingClientRect().width - element.clientWidth;
    return { x: right - wide / 2, top, high: height - (height - element.clientHeight), wide };
  });
  if (at.wide <= 0) throw new Error("there is no scroll bar");
  // The thumb stands below the bar's upper arrow.
  const from = at.top + at.wide + 4;
  const to = at.top + at.high - at.wide - 4;
  await page.mouse.move(at.x, from);
  await page.mouse.down();
  for (let y = from; y < to; y += STEP) await page.mouse.move(at.x, y);
  const reached = await box.evaluate((element) => element.scrollTop / (element.scrollHeight - element.clientHeight));
  await page.mouse.up();
  if (reached < 0.8) throw new Error(`the thumb was not caught: it is at ${reached.toFixed(2)} of its way`);
}

async function middle({ page, view }: Scroller): Promise<{ x: number; y: number }> {
  const box = await page.locator(view).boundingBox();
  if (!box) throw new Error(`there is no ${view}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
