import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
  await page.locator(".grid:not(.provisional) .slick-cell .text", { hasText: new RegExp(`^${name}$`) }).waitFor();
}

async function opened(page: Page, name: string, bytes: Buffer): Promise<void> {
  const file = join(host.home, name);
  await writeFile(file, bytes);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
}

test("letters of DOS are doubted, read rightly by one press, and written in UTF-8", async () => {
  const { page, complaints } = await host.open();
  const text = "email;name\r\na@example.com;J\x94rg M\x81ller\r\nb@example.com;Bo\r\n";
  await opened(page, "dos.csv", Buffer.from(text, "latin1"));
  const strip = page.locator(".strip", { hasText: "It is doubted" });
  await strip.getByText("IBM850").first().waitFor();
  await strip.getByRole("button", { name: "Reopen it so" }).click();
  await nameOf(page, "Jörg Müller");
  await strip.waitFor({ state: "detached" });
  const saved = join(host.home, "again.csv");
  await willPick(page, saved);
  await page.keyboard.press("Control+s");
  await page.locator(".toast", { hasText: "Saved again.csv" }).waitFor();
  // Nobody could know the letters of DOS again.
  const written = (await readFile(saved)).toString("utf8").replace(/^\uFEFF/, "");
  expect(written).toBe("email;name\r\na@example.com;Jörg Müller\r\nb@example.com;Bo\r\n");
  expect(complaints).toEqual([]);
  await page.close();
});

test("what was typed is not thrown away by one press on reopening", async () => {
  const { page, complaints } = await host.open();
  const text = "email;name;city\r\na@example.com;J\x94rg M\x81ller;Oslo\r\nb@example.com;Bo;Rome\r\n";
  await opened(page, "typed.csv", Buffer.from(text, "latin1"));
  await page.locator(".slick-row .slick-cell", { hasText: /^Rome$/ }).click();
  await page.keyboard.type("Bergen");
  await page.keyboard.press("Enter");
  await nameOf(page, "Bergen");
  await page.getByRole("button", { name: "Reopen it so" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("they are gone then").waitFor();
  expect(await dialog.getByLabel("Letters").inputValue()).toBe("IBM850");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await nameOf(page, "Bergen");
  await page.getByRole("button", { name: "Reopen it so" }).first().click();
  await dialog.getByRole("button", { name: "Reopen", exact: true }).click();
  await nameOf(page, "Jörg Müller");
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

test("a workbook of which only one sheet is read says so, each time it is opened", async () => {
  const { page, complaints } = await host.open();
  const cases = fileURLToPath(new URL("../../tests/formats/workbooks/vendor.xlsx", import.meta.url));
  await opened(page, "months.xlsx", await readFile(cases));
  const strip = page.locator(".strip", { hasText: "Only the sheet" });
  await strip.waitFor();
  await page.reload();
  await page.locator(".job").first().click();
  await strip.waitFor();
  await strip.getByRole("button", { name: "Read another…" }).click();
  await page.getByRole("dialog").getByLabel("Sheet", { exact: true }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});
