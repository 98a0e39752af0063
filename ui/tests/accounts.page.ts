import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grave } from "./axe";
import { answerLmsHas, ask, Host, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

const EDAPP = "email,username,firstname,lastname,usergroups,externalid\n";

/** People of a company, from one number up to another. */
function staff(company: string, from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, at) => from + at).map(
    (n) => `p${n}@${company}.example,p${n}@${company}.example,P${n},Q${n},Sales,${company}-${n}\n`,
  );
  return EDAPP + rows.join("");
}

async function open(page: Page, name: string, text: string): Promise<string> {
  const file = join(host.home, name);
  await writeFile(file, text);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  // Of the list before it all else may still be there.
  await page.getByRole("heading", { name, exact: true }).waitFor();
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
  await page.getByText(`In EdApp now`).or(page.getByText("What does EdApp have now?")).first().waitFor();
  return file;
}

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+Shift+p");
  await page.getByRole("dialog").locator("input").fill(name);
  await page.keyboard.press("Enter");
}

test("an account begun of last month's export knows this month's file, and what the LMS has", async () => {
  const { page, complaints } = await host.open();
  await open(page, "last.csv", staff("north", 0, 20));
  await answerLmsHas(page, /^This file, as it came from EdApp/);
  await page.getByText("0 people new or changed").waitFor();
  await command(page, "Account");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Begin an account of this list, called").fill("Northwind");
  await dialog.getByRole("button", { name: "Begin it" }).click();
  await dialog.getByRole("heading", { name: "Northwind" }).waitFor();
  expect(await grave(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Close" }).last().click();

  await open(page, "next.csv", staff("north", 2, 23).replace("Q7", "R7"));
  await page.getByText("This list is of Northwind: 18 of 21 people are in the snapshot", { exact: false }).waitFor();
  await page.getByText("4 people new or changed").waitFor();
  await page.getByText("In EdApp now: the export of", { exact: false }).first().waitFor();

  // Whoever must not be taken away is kept with it.
  await command(page, "protect");
  const guarded = dialog.getByLabel("Protect somebody, by key, login or e-mail");
  for (const login of ["p0@north.example", "boss@north.example"]) {
    await guarded.fill(login);
    await guarded.press("Enter");
    await dialog.getByText(login, { exact: true }).waitFor();
  }
  expect(await guarded.inputValue()).toBe("");
  expect(await grave(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Protect boss@north.example no longer" }).click();
  await dialog.getByRole("heading", { name: "Protected people: 1" }).waitFor();
  expect(await dialog.getByText("boss@north.example", { exact: true }).count()).toBe(0);
  await page.keyboard.press("Escape");

  // Two accounts of one LMS are a question, with what speaks for each.
  await open(page, "south.csv", staff("south", 0, 20));
  await page.getByText("nobody in it is in the snapshot", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Not of it" }).click();
  // It is not asked again, and one of its own is offered once it is known what the LMS has.
  await page.keyboard.press("Control+3");
  await page.keyboard.press("Control+2");
  await answerLmsHas(page, /^This file/);
  await page.getByRole("form", { name: "Keep an account" }).waitFor();
  expect(await page.getByText("Which account is this list of?").count()).toBe(0);
  await command(page, "Account");
  await dialog.getByLabel("Begin an account of this list, called").fill("Southwind");
  await dialog.getByRole("button", { name: "Begin it" }).click();
  await dialog.getByRole("heading", { name: "Southwind" }).waitFor();
  await page.keyboard.press("Escape");
  await open(page, "both.csv", staff("north", 0, 9) + staff("south", 0, 9).replace(EDAPP, ""));
  await page.getByText("Which account is this list of?").waitFor();
  await page.getByRole("button", { name: "Southwind", exact: true }).click();
  await page.locator(".toast", { hasText: "This list is of Southwind." }).waitFor();
  await page.getByText("In EdApp now: the export of", { exact: false }).first().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("what the LMS has is answered in Edit, Compare and Plan, and answered otherwise", async () => {
  const { page, complaints } = await host.open();
  const file = await open(page, "export.csv", staff("west", 0, 6));
  await open(page, "edited.csv", staff("west", 0, 8).replace("Q3", "R3"));
  // In Plan, where nothing can be sent before it is said.
  await page.keyboard.press("Control+4");
  await page.locator(".three").waitFor();
  await page.locator(".now").getByRole("button", { name: "Say it…" }).click();
  const dialog = page.getByRole("dialog");
  expect(await grave(page)).toEqual([]);
  expect(await dialog.getByRole("radio").last().getAttribute("name")).toBe("lms-has");
  await dialog.getByRole("radio", { name: /^Nothing yet/ }).check();
  await dialog.getByRole("button", { name: "So it is" }).click();
  await page.getByText("In EdApp now: nobody yet.").waitFor();
  await page.getByText("8 people new or changed").waitFor();

  // In Compare: the export beside it.
  await page.keyboard.press("Control+3");
  await page.locator(".now").getByRole("button", { name: "Change…" }).click();
  await dialog.getByRole("radio", { name: /^Another file/ }).check();
  await willPick(page, file);
  await dialog.getByRole("button", { name: "Choose the file…" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("In EdApp now: the export of", { exact: false }).first().waitFor();
  await page.keyboard.press("Control+2");
  await page.getByText("3 people new or changed").waitFor();

  // In Edit: it was the wrong one, and a list that was open here is the right one.
  await page.locator(".now").getByRole("button", { name: "Change…" }).click();
  await dialog.getByRole("button", { name: "Remove this snapshot" }).click();
  await dialog.getByRole("button", { name: "Remove this snapshot" }).click();
  await dialog.getByRole("button", { name: "Remove this snapshot" }).waitFor({ state: "detached" });
  await dialog.getByRole("radio", { name: /^A list that was open here/ }).check();
  await dialog.getByLabel("Which list").selectOption({ label: "export.csv, 6 people, EdApp (SC Training)" });
  await dialog.getByRole("button", { name: "So it is" }).click();
  await page.getByText("3 people new or changed").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

const ROSTER =
  "First Name,Last Name,Email Address,Employee ID,Title,User Status,Admin Access\n" +
  "Ada,Lo,ada@example.com,E1,Nurse,active,No\nBo,Li,bo@example.com,E2,Cook,active,No\n";

test("what is left to be done by hand is ticked, and the tick taken back", async () => {
  const { page, complaints } = await host.open();
  const last = join(host.home, "roster.csv");
  const next = join(host.home, "admins.csv");
  await writeFile(last, ROSTER);
  await writeFile(next, ROSTER.replace("Nurse", "Surgeon").replace("E2,Cook,active,No", "E2,Cook,active,Yes"));
  await ask(page, "open", { path: last, profile: "emtrain-roster", reading: {} });
  await ask(page, "say_lms_has", { kind: "this-file" });
  await ask(page, "name_account", { id: null, name: "Clinic" });
  await ask(page, "open", { path: next, profile: "emtrain-roster", reading: {} });
  const plan = (await ask(page, "plan", { policies: { "sync-field": "employee_id" }, only: "changed" })) as {
    id: string;
    guards: { id: string; actual: number; held: boolean }[];
  };
  const releases = Object.fromEntries(plan.guards.filter((g) => g.held).map((g) => [g.id, g.actual]));
  await ask(page, "make_kit", { plan: plan.id, folder: join(host.home, "kit"), releases, note: "" });
  await page.reload();
  await page.locator(".job", { hasText: "admins.csv" }).click();
  await page.getByRole("button", { name: "Clinic: 1 to do by hand" }).click();
  const dialog = page.getByRole("dialog");
  const tick = dialog.getByRole("checkbox", { name: /Bo Li.*Admin Access/s });
  await tick.check();
  await dialog.getByText("Nothing is left to be done by hand.").waitFor();
  await dialog.getByText("1 thing done").click();
  await tick.uncheck();
  await dialog.getByText("To do by hand: 1").waitFor();
  expect(await grave(page)).toEqual([]);

  await willPick(page, join(host.home, "clinic.muster-account"));
  await dialog.getByRole("button", { name: "Export…" }).click();
  await page.locator(".toast", { hasText: "no password is in it" }).waitFor();
  await willPick(page, join(host.home, "clinic.muster-account"));
  await dialog.getByRole("button", { name: "Take one over…" }).click();
  await dialog.getByLabel("Call the new one").fill("Clinic, copy");
  await dialog.getByRole("button", { name: "Keep both" }).click();
  await page.locator(".toast", { hasText: "Clinic, copy is taken over." }).waitFor();
  await dialog.getByRole("button", { name: "Forget…" }).click();
  await page.getByRole("button", { name: "Forget it" }).click();
  await page.getByRole("button", { name: "Clinic: 1 to do by hand" }).waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
  await page.close();
});
