import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grave } from "./axe";
import { answerLmsHas, drawn, Host, settle, willPick } from "./host";

const PEOPLE = `Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)
0123456789abcdef0123456789abcdef,ana,*,Ana Silva,LEARNER,A-1,2010,FEMALE,,
123456789abcdef0123456789abcdef0,bo,*,Bo Okafor,LEARNER,A-2,2011,MALE,,
`;

/** Where nobody answers: no system gives this port to a server that takes any that is free, such as another test's host. */
const nobody = "http://127.0.0.1:9/";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

test("a connection is set up without a mouse, and where nobody answers is said in words", async () => {
  const { page, complaints } = await host.open();
  await command(page, "Connections");
  await page.getByText("No connection yet").waitFor();
  await tabTo(page, "Set up a connection…");
  await page.keyboard.press("Enter");
  await page.getByLabel("Name", { exact: true }).waitFor();
  // Which kind it is comes first, and Kolibri is the first kind.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("SELECT");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Training");
  await page.keyboard.press("Tab");
  await page.keyboard.type(nobody);
  await page.keyboard.press("Tab");
  await page.keyboard.type("admin");
  await page.keyboard.press("Tab");
  await page.keyboard.type("hunter2");
  await tabTo(page, "Test");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("alert").getByText("could not be reached", { exact: false }).waitFor();
  // A click beside a form that somebody has typed into throws nothing away.
  await page.mouse.click(4, 300);
  expect(await dialog.getByLabel("Name", { exact: true }).inputValue()).toBe("Training");
  expect(await dialog.getByRole("alert").textContent()).not.toContain("hunter2");

  // Saved without the password: no test writes to the keychain of whoever runs it.
  await dialog.getByLabel("Password").fill("");
  await dialog.getByText("Limits", { exact: true }).click();
  await dialog.getByLabel(/^Minutes that a look/).fill("30");
  await dialog.getByLabel("Name", { exact: true }).press("Enter");
  await dialog.getByText("is saved.", { exact: false }).waitFor();
  await dialog.getByText("Password not kept: Muster asks each time.").waitFor();

  // Where a limit is raised, the form shows it.
  await dialog.getByRole("button", { name: "Edit Training" }).click();
  await expect.poll(() => dialog.getByLabel(/^Minutes that a look/).inputValue()).toBe("30");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.body.innerHTML)).not.toContain(
    "hunter2",
  );
  expect(complaints).toEqual([]);
  await page.close();
});

test("a push to where nobody answers waits with the reason, is offered when online, and is cancelled", async () => {
  const { page, complaints } = await host.open();
  await openPeople(page);
  await page.keyboard.press("Control+4");
  await page.getByRole("radio", { name: /^Training/ }).check();
  await page.getByRole("button", { name: "Send…" }).waitFor();
  expect(await page.getByRole("radiogroup", { name: "People in the upload file" }).count()).toBe(0);

  await command(page, "Send…");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Everybody: 1 person").waitFor();
  expect(await dialog.getByRole("button", { name: "Send 1 person" }).isDisabled()).toBe(true);
  await dialog.getByLabel("Password").fill("hunter2");
  await dialog.getByLabel("Password").press("Enter");
  await page.getByRole("heading", { name: /^Push \d+/ }).waitFor();
  await page.locator(".state", { hasText: "waiting to be sent" }).waitFor();
  await page.getByText("nobody answers there.").waitFor();
  await page.getByRole("cell", { name: /^Ana Maria Silva/ }).waitFor();
  await page.getByRole("button", { name: "Outbox: 1 waits" }).waitFor();

  await page.keyboard.press("Control+2");
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.locator(".strip", { hasText: "You are online again: 1 push waits." }).waitFor();
  await page.getByRole("button", { name: "Show it" }).click();
  await page.getByRole("button", { name: "Cancel the push…" }).click();
  await dialog.getByRole("button", { name: "Cancel the push", exact: true }).click();
  await page.locator(".state", { hasText: "cancelled" }).waitFor();
  await page.getByRole("button", { name: "Outbox: 1 waits" }).waitFor({ state: "detached" });
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.body.innerHTML)).not.toContain(
    "hunter2",
  );
  expect(complaints).toEqual([]);
  await page.close();
});

test("a push can be put in the outbox for later, and found there without a mouse", async () => {
  const { page, complaints } = await host.open();
  await openPeople(page);
  await page.keyboard.press("Control+4");
  await page.getByRole("radio", { name: /^Training/ }).check();
  await page.getByRole("button", { name: "Send…" }).waitFor();
  await command(page, "Send…");
  await page.getByRole("dialog").getByText("Everybody: 1 person").waitFor();
  await tabTo(page, "Put in the outbox for later");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing of it has been sent yet.").waitFor();
  await command(page, "Outbox");
  await page.getByRole("region", { name: "Waiting" }).waitFor();
  await tabTo(page, /^Push \d+/);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Push \d+$/);
  await tabTo(page, "Outbox");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Push \d+ people\.csv/);
  expect(complaints).toEqual([]);
  await page.close();
});

test("single people are ticked with the keyboard, and only they are sent", async () => {
  const { page, complaints } = await host.open();
  const file = join(host.home, "three.csv");
  await writeFile(file, `${PEOPLE}23456789abcdef0123456789abcdef01,cy,*,Cy Roth,LEARNER,A-3,2012,MALE,,\n`);
  await openAndKeep(page, file);
  for (const [before, after] of [
    ["Ana Silva", "Ana S."],
    ["Bo Okafor", "Bo O."],
    ["Cy Roth", "Cy R."],
  ] as const)
    await rename(page, before, after);
  await page.getByText("3 people new or changed").waitFor();
  await page.keyboard.press("Control+4");
  await page.getByRole("radio", { name: /^Training/ }).check();
  const status = page.getByRole("status");
  await status.getByText("Nobody is ticked", { exact: false }).waitFor();

  await page.getByRole("checkbox", { name: "Tick Ana S." }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await status.getByText("2 people ticked.", { exact: false }).waitFor();
  expect(await page.getByRole("checkbox", { name: "Tick Bo O." }).isChecked()).toBe(false);
  await page.getByRole("button", { name: "Untick all" }).click();
  await page.getByRole("checkbox", { name: "Tick Ana S." }).click();
  await page.getByRole("checkbox", { name: "Tick Cy R." }).click({ modifiers: ["Shift"] });
  await status.getByText("3 people ticked.", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Untick all" }).click();
  await page.getByLabel("Search the people of the plan").fill("Bo");
  await page.getByRole("checkbox", { name: "Tick Ana S." }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Tick all shown" }).click();
  await status.getByText("1 person ticked.", { exact: false }).waitFor();

  await page.getByRole("button", { name: "Send…" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("radio", { name: "Only the 1 ticked person" }).isChecked()).toBe(true);
  await dialog.getByRole("button", { name: "Send 1 person" }).waitFor();
  await dialog.getByRole("radio", { name: "Everybody: 3 people" }).check();
  await dialog.getByRole("button", { name: "Send 3 people" }).waitFor();
  await dialog.getByRole("radio", { name: "Only the 1 ticked person" }).check();
  await dialog.locator(".action-labels").getByText("1 changed").waitFor();
  await dialog.getByRole("button", { name: "Put in the outbox for later" }).click();
  await page.getByRole("heading", { name: /^Push \d+/ }).waitFor();
  await page.getByText("To Training (", { exact: false }).waitFor();
  const table = page.getByRole("region", { name: "What became of each person" });
  await table.getByText("Bo Okafor").waitFor();
  // The heads of the columns are a row too, and who was not chosen is told.
  await expect.poll(() => table.getByRole("row").count()).toBe(4);
  expect(await table.getByText("not chosen", { exact: false }).count()).toBeGreaterThanOrEqual(2);
  expect(await table.locator("dd").textContent()).toMatch(/Bo Okafor\s*→.*Bo O\./);

  // What was sent is ticked no more; a tick stays when the plan is made anew.
  await page.keyboard.press("Control+4");
  await status.getByText("Nobody is ticked", { exact: false }).waitFor();
  await page.getByLabel("Search the people of the plan").fill("");
  await page.getByRole("checkbox", { name: "Tick Cy R." }).check();
  await page.keyboard.press("Control+2");
  await rename(page, "Cy R.", "Cy Roth the Third");
  await page.keyboard.press("Control+4");
  await page.getByRole("checkbox", { name: "Tick Cy Roth the Third", checked: true }).waitFor();
  await status.getByText("1 person ticked.", { exact: false }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("with Shift everybody is ticked up to somebody far down, and only who is near is in the page", async () => {
  const { page, complaints } = await host.open();
  const many = Array.from({ length: 700 }, (_, at) => {
    const id = String(at).padStart(3, "0");
    return `${"a".repeat(29)}${id},many${id},*,Person ${id},LEARNER,M-${id},2010,FEMALE,,`;
  });
  const file = join(host.home, "many.csv");
  await writeFile(file, `${PEOPLE.split("\n")[0]}\n${many.join("\n")}\n`);
  await openAndKeep(page, file);
  await page.locator(".slick-header-column", { hasText: "Birth year" }).click();
  await page.getByRole("button", { name: "Replace values…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What 2010 becomes").fill("2011");
  await dialog.getByRole("button", { name: "Replace 1 value" }).click();
  await page.getByText("700 people new or changed").waitFor();
  await page.keyboard.press("Control+4");
  await page.getByRole("radio", { name: /^Training/ }).check();
  const ticks = page.getByRole("checkbox", { name: /^Tick Person/ });
  await page.getByRole("checkbox", { name: "Tick Person 000" }).click();
  const last = page.getByRole("checkbox", { name: "Tick Person 699" });
  await page.locator(".centre").hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 6000);
      return last.count();
    })
    .toBe(1);
  expect(await ticks.count()).toBeLessThan(100);
  await last.click({ modifiers: ["Shift"] });
  await page.getByRole("status").getByText("700 people ticked.", { exact: false }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a plan that is made anew while more of its people are fetched is shown to its end", async () => {
  const { page, complaints } = await host.open();
  await page.getByText("many.csv", { exact: false }).first().click();
  await page.getByText("700 people new or changed").waitFor();
  let asked = () => {};
  let answer = () => {};
  const more = new Promise<void>((done) => (asked = done));
  const held = new Promise<void>((done) => (answer = done));
  await page.route("**/call", async (route) => {
    const { name, request } = route.request().postDataJSON() as { name: string; request: { first?: number } };
    if (name === "plan_people" && (request.first ?? 0) > 0) {
      asked();
      await held;
    }
    await route.continue();
  });
  await page.keyboard.press("Control+4");
  await page.getByText("Person 000").waitFor();
  await page.locator(".centre").hover();
  await page.mouse.wheel(0, 100_000);
  await more;
  const anew = page.waitForResponse((reply) => reply.request().postData()?.includes('"plan_people"') ?? false);
  await page.getByRole("radio", { name: /^Upload kit/ }).check();
  await anew;
  await drawn(page);
  answer();
  await page.locator(".centre").hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 100_000);
      return page.getByText("Person 699").count();
    })
    .toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

describe.each([
  { name: "in light", options: { colorScheme: "light" } },
  { name: "in dark", options: { colorScheme: "dark" } },
  { name: "at 200 % zoom", options: { viewport: { width: 680, height: 430 } } },
] as const)("$name", ({ options }) => {
  test("nothing about sending has a serious fault for people who do not see or point", async () => {
    const { page } = await host.open("", options);
    await openPeople(page);
    await page.keyboard.press("Control+4");
    await page.getByRole("radio", { name: /^Training/ }).check();
    await page.getByRole("button", { name: "Send…" }).waitFor();
    await within(page, "plan");
    for (const name of ["Send…", "Fetch from the LMS", "Fetch as snapshot", "Connections"]) {
      await command(page, name);
      await page.getByRole("dialog").waitFor();
      await within(page, name);
      if (name === "Connections") {
        await page.getByRole("button", { name: "Edit Training" }).click();
        await page.getByLabel("Name", { exact: true }).waitFor();
        await within(page, "form");
      }
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await command(page, "Outbox");
    await within(page, "outbox");
    await page.locator("section li button").first().click();
    await page.getByRole("heading", { name: /^Push \d+/ }).waitFor();
    await within(page, "push");
    await page.close();
  });
});

async function within(page: Page, name: string): Promise<void> {
  await settle(page);
  expect(await grave(page), name).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide, name).toBeLessThanOrEqual(0);
}

/** Opens a list that is known to be what the LMS has, and renames one person. */
async function openPeople(page: Page): Promise<void> {
  const file = join(host.home, "people.csv");
  await writeFile(file, PEOPLE);
  if (!(await openAndKeep(page, file))) return;
  await rename(page, "Ana Silva", "Ana Maria Silva");
  await page.getByText("1 person new or changed").waitFor();
}

/** Opens a list as what the LMS has; says false where that was done before. */
async function openAndKeep(page: Page, file: string): Promise<boolean> {
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
  const keep = page.getByRole("button", { name: "Say it…", exact: true }).first();
  const changed = page.getByText(/(person|people) new or changed/);
  await keep.or(changed).first().waitFor();
  if (await changed.count()) return false;
  await answerLmsHas(page, /^This file/);
  return true;
}

async function rename(page: Page, before: string, after: string): Promise<void> {
  await page.getByRole("gridcell", { name: before }).first().dblclick();
  await page.locator(".cell-editor").fill(after);
  await page.keyboard.press("Enter");
  await page.getByRole("gridcell", { name: after }).first().waitFor();
}

/** Does something by its name in the list of all commands. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+Shift+p");
  await page.getByRole("dialog").locator("input").fill(name);
  await page.keyboard.press("Enter");
}

/** Goes to a button by Tab alone. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let at = 0; at < 40; at++) {
    const here = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    if (typeof name === "string" ? here === name : name.test(here)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach “${String(name)}”`);
}
