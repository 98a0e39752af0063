import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grave } from "./axe";
import { ask, Host, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

const HEADER =
  "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)\n";
const id = (letter: string) => letter.repeat(32);
const EVA = `${id("a")},eva,*,Eva Roth,LEARNER,,,,Red,\n`;
const MAX = `${id("c")},max,*,Max Weber,LEARNER,,,,Red,\n`;
const GIL = `${id("b")},gil,*,Gil Moe,LEARNER,,,,Red,\n`;

/** A kit in which Eva gets another name and Gil is new, as the window made it. */
async function makeKit(page: Page): Promise<void> {
  const file = join(host.home, "learners.csv");
  await writeFile(file, HEADER + EVA + MAX);
  await ask(page, "open", { path: file, profile: null, reading: {} });
  await ask(page, "keep_snapshot", { note: "" });
  await ask(page, "insert_person", { after: null });
  const cells = [
    [1, 3, "Eva Roth-Lind"],
    [3, 1, "gil"],
    [3, 2, "Sunflower-9"],
    [3, 3, "Gil Moe"],
    [3, 4, "LEARNER"],
    [3, 8, "Red"],
  ] as const;
  await ask(
    page,
    "edit",
    cells.map(([row, column, value]) => ({ row, column, value })),
  );
  await page.reload();
  await page.locator(".job").first().click();
  // While a list is being opened there is nothing to plan.
  await page.locator(".slick-row").first().waitFor();
  await page.keyboard.press("Control+4");
  await page.locator(".three").waitFor();
  for (const hold of await page.locator(".hold").all()) {
    const number = /This plan: ([\d,]+)/.exec((await hold.textContent()) ?? "")?.[1]?.replace(",", "");
    await hold.locator("input").fill(number ?? "");
  }
  const make = page.getByRole("button", { name: "Make upload kit…" });
  await expect.poll(() => make.isEnabled()).toBe(true);
  await willPick(page, host.home);
  await make.click();
  await page.getByRole("heading", { name: "The upload kit is ready" }).waitFor();
}

test("a fresh export shows who differs, then proves the kit, and becomes the snapshot", async () => {
  const { page, complaints } = await host.open();
  await makeKit(page);
  const half = join(host.home, "half.csv");
  await writeFile(half, HEADER + EVA + GIL + MAX.replace("Red", "Blue"));
  await page.getByRole("button", { name: "Check the result with a fresh export…" }).click();
  const dialog = page.getByRole("dialog");
  await willPick(page, join(host.home, "learners.csv"), half);
  await dialog.getByRole("button", { name: "Choose the export…" }).click();
  await dialog.getByText("nothing of the plan is in this export").waitFor();
  await dialog.getByRole("button", { name: "Choose the export…" }).click();
  await dialog.getByText("1 of 2 as planned").waitFor();
  const differs = dialog.getByRole("region", { name: "Not as planned: 1 person" });
  expect(await differs.locator("li").textContent()).toContain("Full name should be Eva Roth-Lind and is Eva Roth");
  const beside = dialog.getByRole("region", { name: "Changed beside the plan: 1" });
  expect(await beside.locator("li").textContent()).toContain("Max Weber");
  const unseen = await dialog.getByText("Cannot be seen in this export: Password.").boundingBox();
  expect(unseen?.height).toBeGreaterThan(10);
  expect(await grave(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Close" }).first().click();

  await page.keyboard.press("Control+5");
  const entry = page.locator(".body", { hasText: "1 of 2 as planned" });
  await entry.waitFor();
  expect(await entry.textContent()).toContain("Eva Roth-Lind");
  const after = join(host.home, "after.csv");
  await writeFile(after, HEADER + GIL + EVA.replace("Eva Roth", "Eva Roth-Lind") + MAX);
  await page.getByRole("button", { name: "Check the result with a fresh export…" }).click();
  await willPick(page, after);
  await dialog.getByRole("button", { name: "Choose the export…" }).click();
  await dialog.getByText("2 of 2 as planned").waitFor();
  await dialog.getByText("1 person whom it left alone is as before.").waitFor();
  await dialog.getByRole("button", { name: "Keep it as the snapshot" }).click();
  await page.locator(".toast", { hasText: "is the snapshot now" }).waitFor();
  await page.locator(".body", { hasText: "Kept as the snapshot" }).first().waitFor();
  await page.locator(".body", { hasText: "2 of 2 as planned" }).waitFor();

  await page.keyboard.press("Control+2");
  await expect.poll(() => page.locator(".slick-row", { hasText: "gil" }).first().textContent()).toContain(id("b"));
  expect(complaints).toEqual([]);
  await page.close();
});
