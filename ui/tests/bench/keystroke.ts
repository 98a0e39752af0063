import type { Page } from "playwright-core";
import { settle } from "../host";

/** From a key to where what it asks for was painted. */
export interface Answered {
  frames: number;
  ms: number;
}

/** Presses a key and looks at every frame until something is there. */
async function answered(page: Page, key: string, sign: { cell: string; says: string | null }): Promise<Answered> {
  await page.evaluate(({ cell, says }) => {
    const { port1, port2 } = new MessageChannel();
    const told = new Promise<Answered>((done, failed) => {
      setTimeout(() => failed(new Error(`${cell} did not come`)), 30_000);
      const pressed = (event: KeyboardEvent) => {
        if (event.key === "Control") return;
        removeEventListener("keydown", pressed, { capture: true });
        let frames = 0;
        port1.onmessage = () => done({ frames, ms: performance.now() - event.timeStamp });
        const look = () => {
          frames += 1;
          const found = [...document.querySelectorAll(cell)].some((one) => says === null || one.textContent === says);
          if (found) port2.postMessage(null);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      addEventListener("keydown", pressed, { capture: true });
    });
    Object.assign(window, { told });
  }, sign);
  await page.keyboard.press(key);
  return page.evaluate(() => (window as unknown as { told: Promise<Answered> }).told);
}

/** To the last row: until the keys stand in a row that is there, and that is the last. */
export async function jumpToEnd(page: Page, rows: number): Promise<Answered> {
  const sign = { cell: `.slick-row[data-row="${rows - 1}"] .slick-cell.active .text`, says: null };
  const took = await answered(page, "Control+End", sign);
  await settle(page);
  return took;
}

/** Types something wrong into the cell under the cursor, and presses Enter: until that cell shows that it is wrong. */
export async function findFault(page: Page): Promise<Answered> {
  const at = await page.evaluate(() => {
    const cell = document.querySelector(".grid .slick-cell.active");
    const column = /\bl\d+\b/.exec(cell?.className ?? "")?.[0] ?? "";
    return { row: cell?.closest<HTMLElement>(".slick-row")?.dataset.row ?? "", column };
  });
  await page.keyboard.type("nobody at all");
  const cell = `.slick-row[data-row="${at.row}"] .slick-cell.${at.column}.marked .text`;
  const took = await answered(page, "Enter", { cell, says: "nobody at all" });
  await settle(page);
  return took;
}
