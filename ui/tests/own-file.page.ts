import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

const OURS = "email,name\na@example.com,Ada\nb@example.com,Bo\n";
const THEIRS = "email,name\na@example.com,Adele\nb@example.com,Bo\n";

async function opened(page: Page, name: string): Promise<string> {
  const file = join(host.home, name);
  await writeFile(file, OURS);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  await nameOf(page, "Ada");
  return file;
}

/** Waits until the first person of the list is called so. */
async function nameOf(page: Page, name: string): Promise<void> {
  await page.locator(".grid:not(.provisional) .slick-cell .text", { hasText: new RegExp(`^${name}$`) }).waitFor();
}

async function command(page: Page, label: string): Promise<void> {
  await page.keyboard.press("Control+Shift+p");
  await page.getByRole("dialog").getByRole("combobox").fill(label);
  await page.keyboard.press("Enter");
}

test("a file that another program changed is told at once, compared, and kept or taken over", async () => {
  const { page, complaints } = await host.open();
  const file = await opened(page, "staff.csv");
  const strip = page.locator(".strip", { hasText: "Another program has changed staff.csv" });
  await writeFile(file, THEIRS);
  await strip.waitFor();

  await strip.getByRole("button", { name: "Show the difference" }).click();
  await page.getByText("Adele").first().waitFor();
  await page.keyboard.press("Control+2");

  // It is not saved over as long as nobody has said so.
  await willPick(page, file);
  await page.keyboard.press("Control+s");
  await page.getByRole("dialog").getByText("another program has changed it").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  expect(await readFile(file, "utf8")).toBe(THEIRS);

  await strip.getByRole("button", { name: "Keep mine" }).click();
  await strip.waitFor({ state: "detached" });
  await willPick(page, file);
  await page.keyboard.press("Control+s");
  await page.locator(".toast", { hasText: "Saved staff.csv" }).waitFor();
  expect(await readFile(file, "utf8")).toBe(OURS);

  await writeFile(file, THEIRS);
  await strip.getByRole("button", { name: "Take it over" }).click();
  await nameOf(page, "Adele");
  await strip.waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
  await page.close();
});

test("nothing of a list that is only looked at can be changed", async () => {
  const { page, complaints } = await host.open();
  await opened(page, "look.csv");
  await command(page, "Look only");
  const strip = page.locator(".strip", { hasText: "You are only looking at this list" });
  await strip.waitFor();
  const name = page.locator(".slick-row .slick-cell", { hasText: /^Ada$/ });
  await name.dblclick();
  await page.locator(".toast", { hasText: "cannot be edited" }).waitFor();
  expect(await page.locator(".cell-editor").count()).toBe(0);

  await strip.getByRole("button", { name: "Change it" }).click();
  await strip.waitFor({ state: "detached" });
  await name.dblclick();
  await page.locator(".cell-editor").fill("Adah");
  await page.keyboard.press("Enter");
  await nameOf(page, "Adah");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a table that was copied elsewhere becomes a list, and a copy for Excel is a workbook", async () => {
  const { page, complaints } = await host.open();
  await command(page, "Paste a table");
  await page.getByLabel("Paste it here").fill("email\tname\na@example.com\tZoë\n");
  await page.getByRole("button", { name: "Open it as a list" }).click();
  await nameOf(page, "Zoë");

  const copy = join(host.home, "for excel.xlsx");
  await willPick(page, copy);
  await command(page, "Save a copy to open in Excel");
  await page.locator(".toast", { hasText: "Saved for excel.xlsx" }).waitFor();
  expect((await readFile(copy)).subarray(0, 2).toString()).toBe("PK");
  expect(complaints).toEqual([]);
  await page.close();
});
