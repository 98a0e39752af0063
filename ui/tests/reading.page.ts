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

/** Waits until somebody of the list is called so. */
async function nameOf(page: Page, name: string): Promise<void> {
  await page.locator(".slick-row .slick-cell .text", { hasText: new RegExp(`^${name}$`) }).waitFor();
}

async function opened(page: Page, name: string, bytes: Buffer): Promise<string> {
  const file = join(host.home, name);
  await writeFile(file, bytes);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  await page.locator(".slick-row .slick-cell").first().waitFor();
  return file;
}

test("letters of DOS are doubted, read rightly by one press, and written back as they were", async () => {
  const { page, complaints } = await host.open();
  const text = "email;name\r\na@example.com;J\x94rg M\x81ller\r\nb@example.com;Bo\r\n";
  const file = await opened(page, "dos.csv", Buffer.from(text, "latin1"));
  const strip = page.locator(".strip", { hasText: "It is doubted" });
  await strip.getByText("IBM850").first().waitFor();
  await strip.getByRole("button", { name: "Reopen it so" }).click();
  await nameOf(page, "Jörg Müller");
  await strip.waitFor({ state: "detached" });
  const saved = join(host.home, "again.csv");
  await willPick(page, saved);
  await page.keyboard.press("Control+s");
  await page.locator(".toast", { hasText: "Saved again.csv" }).waitFor();
  expect(await readFile(saved)).toEqual(await readFile(file));
  expect(complaints).toEqual([]);
  await page.close();
});

test("quotation marks and backslashes can be chosen", async () => {
  const { page, complaints } = await host.open();
  const text = "email,name\na@example.com,'Love, Ada'\nb@example.com,'Li, Bo'\n";
  await opened(page, "single.csv", Buffer.from(text));
  await page
    .locator(".strip", { hasText: "single quotation marks" })
    .getByRole("button", { name: "Reopen as…" })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Cells are held together by").selectOption("single");
  await dialog.getByRole("button", { name: "Reopen" }).click();
  await nameOf(page, "Love, Ada");
  expect(complaints).toEqual([]);
  await page.close();
});
