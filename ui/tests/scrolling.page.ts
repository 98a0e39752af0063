import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellInHand, Host, settle, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

const PEOPLE = 9000;

/** A list of many people, with the cursor in its first cell. */
async function openMany(page: Page): Promise<void> {
  const lines = Array.from({ length: PEOPLE }, (_, n) => `u${n},Ada ${n},u${n}@example.com,"Sales, Ops"`);
  const path = join(host.home, "many.csv");
  await writeFile(path, ["username,firstname,email,groups", ...lines, ""].join("\r\n"));
  await willPick(page, path);
  await page.keyboard.press("Control+o");
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
  await settle(page);
  await expect.poll(() => cellInHand(page)).toBe("u0");
}

const VIEW = ".grid .slick-viewport-top.slick-viewport-right";

test("rows that pass under a thumb have their number and key, and the grid follows when it rests", async () => {
  const { page, complaints } = await host.open();
  await openMany(page);
  const seen = await page.locator(VIEW).evaluate(async (view) => {
    const frames: { number: string; key: string }[] = [];
    for (let step = 1; step <= 12; step++) {
      view.scrollTop = step * 560 * 28;
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
      const cells = [...document.querySelectorAll(".passing > :last-child .passing-row:first-child .slick-cell")];
      frames.push({ number: cells[0]?.textContent ?? "", key: cells[1]?.textContent ?? "" });
    }
    return frames;
  });
  for (const { number, key } of seen) expect(key).toBe(`u${Number(number) - 2}`);
  expect(new Set(seen.map(({ key }) => key)).size).toBeGreaterThan(6);
  await page.locator(".passing").waitFor({ state: "detached" });
  const first = page.locator(`.slick-row[data-row="${12 * 560}"] .slick-cell`).first();
  await expect.poll(() => first.textContent()).toBe(String(12 * 560 + 2));
  expect(complaints).toEqual([]);
  await page.close();
});
