import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

async function openText(page: Page, name: string, text: string): Promise<void> {
  const file = join(host.home, name);
  await writeFile(file, text);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  await page.locator("h1", { hasText: name.replace(".csv", "") }).waitFor();
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
}

test("a distribution rule stays while it is being written", async () => {
  const { page, complaints } = await host.open();
  await openText(
    page,
    "asap.csv",
    "Email,userName,reference,Department\nana@example.com,Ana Silva,Ana,Sales\nbo@example.com,Bo Li,Bo,Care\n",
  );
  await page.keyboard.press("Control+4");
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByLabel("Value of rule 1").fill("Sales");
  await page.getByLabel("Group of rule 1").click();
  await page.keyboard.type("Sales basics");
  await page.keyboard.press("Tab");
  await expect.poll(() => page.getByLabel("Group of rule 1").inputValue()).toBe("Sales basics");
  expect(await page.getByLabel("Column of rule 1").inputValue()).toBe("Department");
  expect(complaints).toEqual([]);
  await page.close();
});

test("the header stands over its cells, whatever brought one of its columns into view, and the wheel goes as far as it says", async () => {
  const { page, complaints } = await host.open("", { viewport: { width: 1024, height: 600 } });
  const names = Array.from({ length: 14 }, (_, at) => `Column ${at + 1}`);
  const people = Array.from({ length: 80 }, (_, at) => `p${at}@example.com,${names.map(() => "some words").join()}`);
  await openText(page, "wide.csv", `Email,${names.join()}\n${people.join("\n")}\n`);
  const left = (selector: string) => page.locator(selector).evaluate((element) => element.scrollLeft);
  await page.locator(".slick-header-column").last().scrollIntoViewIfNeeded();
  const [header, cells] = [".slick-header-right", ".slick-viewport-top.slick-viewport-right"] as const;
  await expect.poll(() => left(cells)).toBeGreaterThan(200);
  await expect.poll(async () => (await left(header)) - (await left(cells))).toBe(0);

  await page.locator(cells).hover();
  await page.mouse.wheel(0, 300);
  const top = (selector: string) => page.locator(selector).evaluate((element) => element.scrollTop);
  await expect.poll(() => top(cells)).toBe(300);
  await expect.poll(() => top(".slick-viewport-top.slick-viewport-left")).toBe(300);
  expect(complaints).toEqual([]);
  await page.close();
});
