import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grave } from "./axe";
import { cellInHand, drawn, Host, settle, willPick } from "./host";

/** Where somebody wants to look at it. */
const LOOKS = process.env.MUSTER_LOOKS;

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

/** More people than the beginning of a file holds. */
function people(count: number): string {
  const lines = Array.from({ length: count }, (_, n) => `u${n},hunter2-${n},Ada ${n},u${n}@example.com,"Sales, Ops"`);
  return ["username,password,firstname,email,groups", ...lines, ""].join("\r\n");
}

async function file(name: string, text: string): Promise<string> {
  const path = join(host.home, name);
  await writeFile(path, text);
  return path;
}

/** Keeps the answer to a command back until it is let go; one that is given then takes the engine's place. */
async function heldBack(page: Page, name: string): Promise<(failure?: object) => void> {
  let letGo: (failure?: object) => void = () => undefined;
  const going = new Promise<object | undefined>((done) => (letGo = done));
  await page.route("**/call", async (route) => {
    if (nameOf(route.request()) !== name) return route.fallback();
    const failure = await going;
    if (failure) await route.fulfill({ status: 422, json: failure });
    else await route.continue();
  });
  return letGo;
}

function nameOf(request: Request): string {
  return (request.postDataJSON() as { name: string }).name;
}

/** Answers to a command are counted. */
function asked(page: Page, name: string): () => number {
  let count = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/call") && nameOf(request) === name) count += 1;
  });
  return () => count;
}

const strip = (page: Page) => page.getByRole("region", { name: "The list so far" }).locator(".strip");
const cell = (page: Page, text: string) => page.locator(".slick-row .slick-cell .text", { hasText: text }).first();

/** How far down the rows are scrolled. */
function scrolled(page: Page): Promise<number> {
  return page.locator(".slick-viewport").evaluateAll((all) => Math.max(...all.map((view) => view.scrollTop)));
}

test("the first rows of a file are there before it is read, and cannot be changed", async () => {
  const { page, complaints } = await host.open();
  const letGo = await heldBack(page, "open");
  const edits = asked(page, "edit");
  await willPick(page, await file("many.csv", people(4500)));
  await page.keyboard.press("Control+o");
  await cell(page, "u0@example.com").waitFor();
  await strip(page).getByText("Editing begins when").waitFor();
  expect(await page.locator("body").innerText()).not.toContain("hunter2");
  await page.getByRole("heading", { name: "many.csv" }).waitFor();
  await page.getByText("Not checked yet").waitFor();
  if (LOOKS) await page.screenshot({ path: join(LOOKS, "opening.png") });

  // The keys are in the rows, and nothing that is typed changes one.
  const grid = page.locator(".grid");
  expect(await grid.getAttribute("aria-busy")).toBe("true");
  await expect.poll(() => cellInHand(page)).toBe("u0");
  await page.keyboard.press("ArrowDown");
  expect(await cellInHand(page)).toBe("u1");
  await page.keyboard.type("x");
  await page.locator(".toast", { hasText: "Nothing can be changed yet" }).waitFor();
  await page.keyboard.press("Delete");
  await page.keyboard.press("F2");
  await page.locator(".slick-row .slick-cell.active").dblclick();
  await page.keyboard.press("Control+z");
  expect(await grid.locator("input, textarea").count()).toBe(0);
  expect(await grave(page)).toEqual([]);

  letGo();
  await page.getByRole("tab", { name: /^Problems/ }).waitFor();
  await strip(page).waitFor({ state: "detached" });
  await settle(page);
  expect(await page.locator(".grid").getAttribute("aria-busy")).toBeNull();
  expect(await cellInHand(page)).toBe("u1");
  await page.locator('[role="status"].unseen', { hasText: "many.csv is open: 4500 people." }).waitFor();
  expect(edits()).toBe(0);
  await page.getByRole("button", { name: "Nothing to undo" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("who scrolled, selected and read on stands there when the true rows come", async () => {
  const { page, complaints } = await host.open();
  const letGo = await heldBack(page, "open");
  await willPick(page, await file("scrolled.csv", people(4500)));
  await page.keyboard.press("Control+o");
  await cell(page, "u0@example.com").waitFor();
  for (let n = 0; n < 6; n++) await page.keyboard.press("PageDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await drawn(page);
  const at = await cellInHand(page);
  const top = await scrolled(page);
  const chosen = await page.locator(".slick-cell.chosen").count();
  expect(at).not.toBe("u0");
  expect(top).toBeGreaterThan(1000);
  expect(chosen).toBe(4);
  letGo();
  await page.getByRole("tab", { name: /^Problems/ }).waitFor();
  await settle(page);
  expect(await cellInHand(page)).toBe(at);
  expect(await page.locator(".slick-cell.chosen").count()).toBe(chosen);
  const now = await scrolled(page);
  expect(Math.abs(now - top)).toBeLessThan(29);
  expect(complaints).toEqual([]);
  await page.close();
});

test("a list read otherwise than its beginning looked takes its place once", async () => {
  const { page, complaints } = await host.open();
  await page.route("**/call", async (route) => {
    if (nameOf(route.request()) !== "first_rows") return route.fallback();
    const response = await route.fetch();
    const reply = (await response.json()) as { columns: { name: string }[]; rows: { cells: string[] }[] };
    reply.columns.splice(1);
    for (const row of reply.rows) row.cells = [row.cells.join(";")];
    await route.fulfill({ response, json: reply });
  });
  const letGo = await heldBack(page, "open");
  await willPick(page, await file("otherwise.csv", people(4500)));
  await page.keyboard.press("Control+o");
  await cell(page, ";Ada 0;").waitFor();
  letGo();
  await page.locator(".slick-cell .text", { hasText: /^u0@example\.com$/ }).waitFor();
  expect(await page.getByText(";Ada 0;").count()).toBe(0);
  expect(await page.getByRole("columnheader", { name: /^email/ }).count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test("a workbook says at once that it is being read, and what cannot be opened is told as ever", async () => {
  const { page, complaints } = await host.open();
  const letGo = await heldBack(page, "open");
  await willPick(page, await file("broken.xlsx", "PK\u0003\u0004 nothing of a workbook"));
  await page.keyboard.press("Control+o");
  await strip(page).getByText("Reading broken.xlsx…").waitFor();
  await page.getByText("No rows yet").waitFor();
  const inPlace = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(await inPlace()).toBe("The list so far");
  expect(await grave(page)).toEqual([]);
  letGo();
  const dialog = page.getByRole("dialog", { name: "That did not work" });
  await dialog.getByText("broken.xlsx").first().waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("heading", { name: "Muster" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("all rows can be read and copied while they are checked, and cancelling leaves the list before", async () => {
  const { page, complaints } = await host.open();
  await willPick(page, await file("before.csv", people(3)));
  await page.keyboard.press("Control+o");
  await page.getByRole("tab", { name: /^Problems/ }).waitFor();
  await settle(page);
  // What is being typed belongs to the list before.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("typed");
  // As the engine answers while it checks: who holds it back here is the page's own test.
  await page.route("**/call", async (route) => {
    const { name, request } = route.request().postDataJSON() as {
      name: string;
      request: { first: number; count: number };
    };
    if (name !== "rows_so_far") return route.fallback();
    const rows = Array.from({ length: Math.min(request.count, 8000 - request.first) }, (_, n) => {
      const at = request.first + n;
      const cells = [`u${at}`, "•••", `Ada ${at}`, `u${at}@example.com`, "Sales, Ops"];
      return { id: at + 1, line: at + 2, cells, marks: [], changed: [], new: false, places: [] };
    });
    const column = (name: string, at: number) => ({
      column: at,
      name,
      field: null,
      title: name,
      is_key: at === 0,
      separator: null,
      secret: at === 1,
    });
    const columns = ["username", "password", "firstname", "email", "groups"].map(column);
    await route.fulfill({ json: { name: "after.csv", columns, total: 8000, first: request.first, rows } });
  });
  const letGo = await heldBack(page, "open");
  await willPick(page, await file("after.csv", people(4500)));
  await page.keyboard.press("Control+o");
  await strip(page).getByText("You can read, select and copy.").waitFor();
  await page.locator('[role="status"].unseen', { hasText: "All 8,000 rows of after.csv can be read." }).waitFor();
  await page.keyboard.press("Control+End");
  await expect.poll(() => cellInHand(page)).toBe("Sales, Ops");
  await cell(page, "u7999@example.com").waitFor();
  await strip(page).getByRole("button", { name: "Cancel" }).click();
  await strip(page).getByText("Stopping…").waitFor();
  letGo({ kind: "cancelled", what: "It was stopped", why: "", hint: "" });
  await page.getByRole("heading", { name: "before.csv" }).waitFor();
  await page.locator(".toast", { hasText: "Stopped. Nothing was changed." }).waitFor();
  await cell(page, "typed").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});
