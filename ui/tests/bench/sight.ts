import type { Page } from "playwright-core";

type Looking = typeof globalThis & { looks: number[]; looking: boolean };

/** In each frame while something is done: the part of the rows in sight that have no number, or no key. */
export async function blanksOf(page: Page, during: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const height = 28;
    const here = window as unknown as Looking;
    const view = document.querySelector(".grid:not(.provisional) .slick-viewport-top.slick-viewport-right");
    const { top, bottom } = view?.getBoundingClientRect() ?? new DOMRect();
    const fit = Math.floor((bottom - top) / height) - 1;
    const look = () => {
      if (!here.looking) return;
      const filled = new Set<number>();
      for (const row of document.querySelectorAll(".grid [data-row]")) {
        const at = row.getBoundingClientRect().top;
        const cells = [...row.querySelectorAll(".slick-cell")].slice(0, 2);
        const isFilled = cells.length === 2 && cells.every((cell) => cell.textContent !== "");
        if (isFilled && at > top - height && at < bottom) filled.add(Math.round((at - top) / height));
      }
      here.looks.push(Math.max(0, 1 - filled.size / fit));
      requestAnimationFrame(look);
    };
    Object.assign(here, { looks: [], looking: true });
    requestAnimationFrame(look);
  });
  await during();
  return page.evaluate(() => {
    const here = window as unknown as Looking;
    here.looking = false;
    return here.looks;
  });
}
