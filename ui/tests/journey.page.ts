import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellInHand, drawn, Host, openSample, problemCount, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

test("the sample opens, a fix is looked at, made and taken back", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const before = await problemCount(page);
  expect(before).toBeGreaterThan(0);

  await page
    .getByRole("button", { name: /^Fix \d+:/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("tbody tr").first().waitFor();
  const was = await dialog.locator("tbody td").nth(3).textContent();
  const becomes = await dialog.locator("tbody td").nth(4).textContent();
  expect(becomes).not.toBe(was);
  await dialog.getByRole("button", { name: /^Apply/ }).click();

  await page.locator(".toast", { hasText: "changed" }).waitFor();
  await expect.poll(() => problemCount(page)).toBeLessThan(before);
  await page.keyboard.press("Control+z");
  await expect.poll(() => problemCount(page)).toBe(before);
  expect(complaints).toEqual([]);
  await page.close();
});

test("an edit is marked, listed as a step, and undone by its name", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const name = page.locator('.slick-row[data-row="3"] .slick-cell.l2');
  const before = await name.locator(".text").textContent();
  await name.dblclick();
  await page.locator(".cell-editor").fill("Wilhelmina");
  await page.keyboard.press("Enter");
  await expect.poll(() => name.locator(".text").textContent()).toBe("Wilhelmina");
  await expect.poll(() => name.getAttribute("class")).toContain("changed");

  await page.getByRole("tab", { name: "Steps" }).click();
  await page.locator(".side li").first().waitFor();
  await page.getByRole("button", { name: /^Undo:/ }).click();
  await expect.poll(() => name.locator(".text").textContent()).toBe(before);
  expect(complaints).toEqual([]);
  await page.close();
});

test("what is being typed is written when somebody goes elsewhere, where no person is added or deleted", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const name = page.locator('.slick-row[data-row="3"] .slick-cell.l2');
  await name.dblclick();
  await page.locator(".cell-editor").fill("Wilhelmina");
  await page.keyboard.press("Control+3");
  await page.locator(".slick-row").first().waitFor({ state: "detached" });
  await page.keyboard.press("Control+Delete");
  await page.keyboard.press("Control+i");
  await page.keyboard.press("Control+2");
  await expect.poll(() => name.locator(".text").textContent()).toBe("Wilhelmina");
  await page.getByRole("tab", { name: "Steps" }).click();
  await expect.poll(() => page.locator(".side li").count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test("the menu of a cell is Muster's own, by pointer and by key, and the keys that zoom add and delete nobody", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const name = page.locator('.slick-row[data-row="3"] .slick-cell.l2');
  const said = await page.evaluate(() => {
    document.title = "not reloaded";
    return document.title;
  });
  await name.click({ button: "right" });
  const menu = page.getByRole("menu");
  await expect.poll(() => menu.getByRole("menuitem").allTextContents()).toContain("CutCtrl+X");
  await menu.getByRole("menuitem", { name: /^Clear/ }).click();
  await expect.poll(() => name.locator(".text").textContent()).toBe("");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Shift+F10");
  await menu.getByRole("menuitem", { name: /^Fill down/ }).click();
  const above = await page.locator('.slick-row[data-row="2"] .slick-cell.l2 .text').textContent();
  await expect.poll(() => name.locator(".text").textContent()).toBe(above);
  for (const key of ["Control+-", "Control+Equal", "Control+Equal", "Control+0", "Control+r", "Shift+F5"])
    await page.keyboard.press(key);
  await page.getByRole("tab", { name: "Steps" }).click();
  await expect.poll(() => page.locator(".side li").count()).toBe(1);
  expect(await page.title()).toBe(said);
  expect(complaints).toEqual([]);
  await page.close();
});

test("pasting nothing changes nothing, and says so", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const name = page.locator('.slick-row[data-row="3"] .slick-cell.l2');
  const before = await name.locator(".text").textContent();
  await name.click();
  await name.evaluate((cell) => {
    cell.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, clipboardData: new DataTransfer() }));
  });
  await page.locator(".toast", { hasText: "no text on the clipboard" }).waitFor();
  expect(await name.locator(".text").textContent()).toBe(before);
  expect(complaints).toEqual([]);
  await page.close();
});

test("the key is locked until it is deliberately unlocked", async () => {
  const { page } = await host.open();
  await openSample(page);
  const key = page.locator('.slick-row[data-row="2"] .slick-cell.l1');
  await key.dblclick();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Unlock the key" }).click();
  await page.getByText("The key can be edited.", { exact: false }).first().waitFor();
  await key.dblclick();
  await page.locator(".cell-editor").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Lock it again" }).click();
  await page.getByRole("button", { name: "Lock it again" }).waitFor({ state: "detached" });
  await page.close();
});

test("a double click is one, though the rows were asked for anew and come while the button is down", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const key = page.locator('.slick-row[data-row="2"] .slick-cell.l1');
  await key.dblclick();
  let come = (): void => undefined;
  const mayCome = new Promise<void>((resolve) => (come = resolve));
  const isRows = (request: Request) => (request.postDataJSON() as { name: string } | null)?.name === "rows";
  await page.route("**/call", async (route) => {
    if (isRows(route.request())) await mayCome;
    await route.continue();
  });
  const asked = page.waitForRequest(isRows);
  const came = page.waitForResponse((response) => isRows(response.request()));
  await page.getByRole("dialog").getByRole("button", { name: "Unlock the key" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await asked;
  await drawn(page);

  const box = await key.boundingBox();
  if (!box) throw new Error("the cell is not on screen");
  await page.mouse.click(box.x + 20, box.y + 10);
  await page.mouse.down({ clickCount: 2 });
  come();
  await (await came).finished();
  await drawn(page);
  await page.mouse.up({ clickCount: 2 });
  await page.locator(".cell-editor").waitFor({ timeout: 5_000 });
  expect(complaints).toEqual([]);
  await page.close();
});

test("a click on the head of a column is one, though its signs become others while the button is down", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const head = page.locator(".slick-header-column").nth(2);
  const count = async () => (await head.locator(".count").allTextContents()).join();
  const before = await count();
  await page.locator('.slick-row[data-row="3"] .slick-cell.l2').dblclick();
  await page.locator(".cell-editor").fill("");
  await page.keyboard.press("Enter");
  await expect.poll(count).not.toBe(before);
  let come = (): void => undefined;
  const mayCome = new Promise<void>((resolve) => (come = resolve));
  await page.route("**/call", async (route) => {
    await mayCome;
    await route.continue();
  });
  await page.keyboard.press("Control+z");
  const name = await head.locator(".name").boundingBox();
  if (!name) throw new Error("the head is not on screen");
  await page.mouse.move(name.x + 5, name.y + 5);
  await page.mouse.down();
  come();
  await expect.poll(count).toBe(before);
  await page.mouse.up();
  await page.getByRole("button", { name: "Replace values…" }).waitFor({ timeout: 5_000 });
  expect(complaints).toEqual([]);
  await page.close();
});

test("what changed is compared with the snapshot and put back from there", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  await page.keyboard.press("Control+3");
  const back = page.getByRole("button", { name: /^Put back .* of / }).first();
  const first = (await back.getAttribute("aria-label")) ?? "";
  const offers = page.getByRole("button", { name: first, exact: true });
  await back.click();
  await offers.waitFor({ state: "detached" });
  await page.keyboard.press("Control+z");
  await offers.waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a clean list is planned, held, released, and becomes an upload kit", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  await fixEverything(page);
  await page.keyboard.press("Control+4");
  await page.locator(".centre li").first().waitFor();
  for (const open of await page.locator("fieldset.open").all()) await open.locator("input").first().check();
  await expect.poll(() => page.locator("fieldset.open").count()).toBe(0);
  for (const hold of await page.locator(".hold").all()) {
    const number = /This plan: ([\d,]+)/.exec((await hold.textContent()) ?? "")?.[1]?.replace(",", "");
    await hold.locator("input").fill(number ?? "");
  }
  const make = page.getByRole("button", { name: "Make upload kit…" });
  await expect.poll(() => make.isEnabled()).toBe(true);
  await willPick(page, host.home);
  await make.click();
  await page.getByRole("heading", { name: "The upload kit is ready" }).waitFor();
  const folder = (await page.locator(".folder .cell-text").textContent()) ?? "";
  expect(folder.startsWith(host.home)).toBe(true);
  const listed = await page.locator('[aria-label="Files"] li strong').allTextContents();
  const there = await readdir(folder);
  for (const file of listed) expect(there).toContain(file);

  await page.keyboard.press("Control+5");
  await page.locator("li", { hasText: "Upload kit" }).first().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a choice that lets other rules speak is counted at once", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const before = await problemCount(page);
  const bar = page.getByLabel("State").getByRole("button").first();
  const counted = async () => ((await bar.textContent()) ?? "").trim();
  const stood = await counted();

  await page.keyboard.press("Control+4");
  const groups = page.getByRole("group", { name: /groups/i });
  await groups.getByRole("radio", { checked: false }).first().check();
  await expect.poll(counted).not.toBe(stood);
  const stands = await counted();
  await page.keyboard.press("Control+2");
  await expect.poll(() => problemCount(page)).not.toBe(before);
  await page.reload();
  await page.locator(".job").first().click();
  await expect.poll(counted).toBe(stands);
  expect(complaints).toEqual([]);
  await page.close();
});

test("a copy is saved where the dialog said", async () => {
  const { page } = await host.open();
  await openSample(page);
  await willPick(page, join(host.home, "copy.csv"));
  await page.keyboard.press("Control+s");
  await page.locator(".toast", { hasText: "Saved copy.csv" }).waitFor();
  expect(await readdir(host.home)).toContain("copy.csv");
  await page.close();
});

test("a file that is not there is said in words, with what to do", async () => {
  const { page } = await host.open();
  await willPick(page, join(host.home, "missing.csv"));
  await page.keyboard.press("Control+o");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("missing.csv", { exact: false }).first().waitFor();
  await expect.poll(() => dialog.locator(".hint").count()).toBe(1);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByText("Drop your people list here").waitFor();
  await page.close();
});

test("a job left open is on Home and opens where it stood", async () => {
  const { page } = await host.open();
  await openSample(page);
  await page.locator('.slick-row[data-row="5"] .slick-cell.l2').dblclick();
  await page.locator(".cell-editor").fill("Stood Here");
  await page.keyboard.press("Enter");
  await page.getByText("saved on this computer").waitFor();
  await expect.poll(() => page.getByRole("button", { name: /^Undo:/ }).isEnabled()).toBe(true);
  await page.reload();
  await page.locator(".job").first().click();
  await expect
    .poll(() => page.locator('.slick-row[data-row="5"] .slick-cell.l2 .text').textContent())
    .toBe("Stood Here");
  await page.close();
});

test("the first fix needs no mouse", async () => {
  const { page } = await host.open();
  for (let at = 0; at < 20; at++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement?.textContent?.includes("sample list"))) break;
  }
  await page.keyboard.press("Enter");
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
  await expect.poll(() => cellInHand(page)).not.toBe("(not a cell)");
  const before = await problemCount(page);
  for (let tries = 0; tries < 12; tries++) {
    await page.keyboard.press("F8");
    await page.locator(".finding").first().waitFor();
    if (await page.locator(".line button", { hasText: "Fix…" }).count()) break;
  }
  await page.keyboard.press("Control+.");
  await page.getByRole("dialog").locator("tbody tr").first().waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("apply");
  await page.keyboard.press("Enter");
  await expect.poll(() => problemCount(page)).toBeLessThan(before);
  await expect.poll(() => cellInHand(page)).not.toBe("(not a cell)");

  await page.keyboard.press("Escape");
  expect(await cellInHand(page)).toBe("(not a cell)");
  await page.close();
});

/** Makes every fix on offer, then takes out who still has an error. */
async function fixEverything(page: Page): Promise<void> {
  for (let round = 0; round < 30; round++) {
    const fix = page.locator(".rule.error").getByRole("button", { name: /^Fix \d+:/ });
    if ((await fix.count()) === 0) break;
    const before = await problemCount(page);
    await fix.first().click();
    await page.getByRole("dialog").locator("tbody tr").first().waitFor();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Apply/ })
      .click();
    await changed(page, before);
  }
  for (let round = 0; round < 10; round++) {
    const show = page.locator(".rule.error").getByRole("button", { name: "Show", exact: true });
    if ((await show.count()) === 0) return;
    // Whoever is taken out may be missed: one problem less and one more.
    const before = await counted(page, ".rule.error");
    await show.first().click();
    await expect.poll(() => cellInHand(page)).not.toBe("(not a cell)");
    await page.keyboard.press("Control+Delete");
    await expect.poll(() => counted(page, ".rule.error")).not.toBe(before);
  }
}

/** How many problems the list counts under these rules. */
async function counted(page: Page, rules: string): Promise<number> {
  const counts = await page.locator(`${rules} h3 .count`).allTextContents();
  return counts.reduce((sum, count) => sum + Number(count.replace(/\D/g, "")), 0);
}

/** Waits until the count of problems is another one, and the list of them has followed. */
async function changed(page: Page, before: number): Promise<void> {
  await expect.poll(() => problemCount(page)).not.toBe(before);
  await expect.poll(() => counted(page, ".rule")).toBe(await problemCount(page));
}
