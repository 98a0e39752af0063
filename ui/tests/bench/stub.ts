import type { Page } from "playwright-core";

/**
 * What the grid is held against: a million rows as cheaply as a page can show them. A box as high as all of them, as
 * many rows as are in sight, and another text in these when it is scrolled. It can do nothing else.
 */
export async function openStub(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.setContent(PAGE);
  await page.evaluate(() => {
    const [rows, height] = [1_000_000, 28];
    const view = document.querySelector<HTMLElement>("#view");
    const canvas = document.querySelector<HTMLElement>("#canvas");
    if (!view || !canvas) return;
    canvas.style.height = `${rows * height}px`;
    const words = ["Ada", "Lovelace", "Sales; Porto; Night shift", "Learner", "emp-", "Yes", "PT", "PT-13", "Engineer"];
    const drawn = Array.from({ length: Math.ceil(view.clientHeight / height) + 1 }, () => {
      const row = document.createElement("div");
      row.className = "row";
      for (let cell = 0; cell <= words.length; cell++) row.append(document.createElement("div"));
      canvas.append(row);
      return row;
    });
    const draw = () => {
      const first = Math.floor(view.scrollTop / height);
      for (const [at, row] of drawn.entries()) {
        const index = Math.min(first + at, rows - 1);
        row.style.transform = `translateY(${index * height}px)`;
        for (const [cell, element] of [...row.children].entries())
          element.textContent = cell === 0 ? String(index + 2) : `${words[cell - 1]} ${index}`;
      }
    };
    view.addEventListener("scroll", draw);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "PageDown") return;
      event.preventDefault();
      view.scrollTop += view.clientHeight - height;
    });
    draw();
  });
}

const PAGE = `<!doctype html>
<style>
  body { margin: 0; font: 13.5px sans-serif; }
  #view { height: 100vh; overflow: auto; }
  #canvas { position: relative; }
  .row { position: absolute; display: flex; width: 100%; height: 28px; }
  .row div { width: 110px; padding: 0 8px; line-height: 27px; border: solid #ddd; border-width: 0 1px 1px 0;
    overflow: hidden; text-overflow: ellipsis; white-space: pre; }
</style>
<div id="view"><div id="canvas"></div></div>`;
