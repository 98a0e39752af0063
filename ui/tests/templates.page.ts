import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, openSample, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

test("a new list is made from a template and opened with room for people", async () => {
  const { page, complaints } = await host.open();
  await page.keyboard.press("Control+n");
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("button", { name: "Save as…" }).isDisabled()).toBe(true);
  await dialog.getByRole("radio", { name: /^EdApp/ }).check();
  await willPick(page, join(host.home, "new.xlsx"));
  await dialog.getByRole("button", { name: "Save as…" }).click();
  await page.locator(".toast", { hasText: "8 columns for EdApp, Excel workbook" }).waitFor();
  expect(await readdir(host.home)).toContain("new.xlsx");
  await page.getByLabel("State").getByText("0 people").first().waitFor();
  await page.keyboard.press("Control+i");
  await page.getByLabel("State").getByText("1 person").first().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("the LMS's own template is looked at, and forgotten again", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const header = "email (required),username (optional),firstname (optional),usergroups (optional),Cost centre\n";
  const template = join(host.home, "template.csv");
  await writeFile(template, header);
  await willPick(page, template);
  await command(page, "Learn from the LMS");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("No template was looked at yet.").waitFor();
  await dialog.getByRole("button", { name: "Choose the template…" }).click();
  await page.locator(".toast", { hasText: "Learnt 5 columns and 0 lists from template.csv." }).waitFor();
  await command(page, "Learn from the LMS");
  await dialog.getByText("from today", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Forget it" }).click();
  await page.locator(".toast", { hasText: "The template is forgotten." }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a corrected report is looked at, taken over and taken back", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const report = join(host.home, "problems.csv");
  await willPick(page, report);
  await command(page, "Save a problem report");
  await page.locator(".toast", { hasText: "Saved problems.csv" }).waitFor();
  const lines = (await readFile(report, "utf8")).split("\r\n");
  const at = lines.findIndex((line) => line.includes(',"usergroups'));
  expect(at).toBeGreaterThan(0);
  lines[at] = (lines[at] ?? "").replace(/""$/, '"Sales"');
  lines.push('"","","","","nobody@example.com","Nobody","roles","","Learner"');
  await writeFile(report, lines.join("\r\n"));

  await willPick(page, report);
  await command(page, "Bring back a corrected file");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("What is taken over").waitFor();
  await expect.poll(() => dialog.locator("tbody tr").count()).toBe(1);
  await dialog.getByText("Nobody here has this key.", { exact: false }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("take");
  await dialog.getByRole("button", { name: "Take over 1" }).click();
  await page.locator(".toast", { hasText: "1 cell changed." }).waitFor();
  await page.getByRole("button", { name: /^Undo: Take over corrections/ }).click();
  await page.locator(".toast", { hasText: "Taken back" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

/** Does something by its name in the list of all commands. */
async function command(page: Awaited<ReturnType<Host["open"]>>["page"], name: string): Promise<void> {
  await page.keyboard.press("Control+Shift+p");
  await page.getByRole("dialog").locator("input").fill(name);
  await page.keyboard.press("Enter");
}
