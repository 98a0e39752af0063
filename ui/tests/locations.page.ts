import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, willPick } from "./host";

// Named as in Workleap's template: of a list of any company's nobody knows how its places are written.
const STAFF = `Full name,Email,Country,Province,Preferred Language
Ana Silva,ana@example.com,CA,QC,en
Bo Tanaka,bo@example.com,US,QC,en
Cem Aydin,cem@example.com,Ivory Coast,,en
`;

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

async function openStaff(page: Page): Promise<void> {
  const file = join(host.home, "staff.csv");
  await writeFile(file, STAFF);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
  await page.getByText("Bo Tanaka").first().waitFor();
}

/** The cell of a line of the file, by the name of its column. */
async function cell(page: Page, line: number, column: string) {
  // The first column of the grid is the number of the line.
  const heads = await page.locator(".slick-header-column .name").allTextContents();
  const at = heads.findIndex((head) => head.trim().startsWith(column));
  return page.locator(`.slick-row[data-row="${line - 2}"] .slick-cell.l${at + 1}`);
}

test("a code has its name beside it, in the grid and in the cell line", async () => {
  const { page, complaints } = await host.open();
  await openStaff(page);
  const region = await cell(page, 2, "Province");
  expect(await region.locator(".text").textContent()).toBe("QC");
  expect(await region.locator(".beside").textContent()).toBe("Quebec");
  await region.click();
  await page.getByLabel("Cell", { exact: true }).getByText("Quebec, Canada").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a location is looked up from a cell, put in by keys alone, and taken back as one step", async () => {
  const { page, complaints } = await host.open();
  await openStaff(page);
  await (await cell(page, 4, "Country")).click();
  await page.keyboard.press("Control+l");
  const dialog = page.getByRole("dialog");
  const option = dialog.getByRole("option");
  // What the cell holds is looked up at once.
  await option.filter({ hasText: "Côte d'Ivoire" }).waitFor();
  await page.keyboard.type("quebec");
  await option.filter({ hasText: "Province of Canada" }).waitFor();
  await dialog.getByRole("button", { name: "Copy the region code QC" }).waitFor();
  await dialog.getByRole("button", { name: "Copy the country code CA" }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  const text = async (column: string) => (await cell(page, 4, column)).locator(".text").textContent();
  await expect.poll(() => text("Country")).toBe("CA");
  await expect.poll(() => text("Province")).toBe("QC");
  await page.keyboard.press("Control+z");
  await expect.poll(() => text("Country")).toBe("Ivory Coast");
  await expect.poll(() => text("Province")).toBe("");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a code is copied with a click, and nothing called so is said", async () => {
  const { page, complaints } = await host.open("", { permissions: ["clipboard-read", "clipboard-write"] });
  await openStaff(page);
  await page.keyboard.press("Control+l");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").fill("south korea");
  await dialog.getByRole("button", { name: "Copy the country code KR" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("KR");
  await dialog.getByRole("combobox").fill("xyzzy");
  await dialog.getByText("No country or region is called so.").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a command is found by the beginnings of its words, and the best fit is done first", async () => {
  const { page, complaints } = await host.open();
  await openStaff(page);
  await page.keyboard.press("Control+Shift+p");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").fill("fi loc");
  await expect.poll(() => dialog.getByRole("option", { selected: true }).textContent()).toMatch(/location/i);
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: "Find a location code" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+p");
  await dialog.getByRole("combobox").fill("xyzzy");
  await dialog.getByText("Nothing that can be done has such a name.").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});
