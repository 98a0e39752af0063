import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grave } from "./axe";
import { Host, openSample, settle } from "./host";
import { Story } from "./story";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

/** What EdApp has, and a list of some of its people beside it. */
async function beside(story: Story, name: string, change: (text: string) => string): Promise<string> {
  const export_ = await story.file("edapp-export.csv");
  const list = join(host.home, name);
  await writeFile(list, change(await readFile(export_, "utf8")));
  await story.open(list);
  await story.lmsHas({ file: export_ });
  return export_;
}

test("somebody who may be known is somebody new by one button, and nothing holds for them any more", async () => {
  const story = await Story.begin(host, "Somebody new");
  const { page } = story;
  // The name is hers, and nothing else.
  await beside(story, "namesake.csv", (text) =>
    text.replace(
      /mara\.okafor@harbour\.example,mara\.okafor@harbour\.example,(.*)HX-0000/,
      "m.okafor@harbour.example,m.okafor@harbour.example,$1HX-0100",
    ),
  );
  expect(await story.plan()).toContain("1 create");
  const hold = page.locator(".hold", { hasText: "Perhaps EdApp has" });
  await hold.getByRole("button", { name: "Say who they are" }).click();
  const rule = page.locator(".rule", { hasText: "Perhaps known already" });
  await rule.getByRole("button", { name: /^The same person/ }).waitFor();
  await rule.getByRole("button", { name: "Somebody new" }).click();
  await rule.waitFor({ state: "detached" });
  await story.plan();
  expect(await hold.count()).toBe(0);
  await page.keyboard.press("Control+2");
  await page.getByText("1 thing you know better").click();
  await page.getByRole("button", { name: /^Tell it again: Perhaps known already/ }).click();
  await rule.waitFor();
  await story.end();
});

test("a kit is kept as an account on its own page, and its folder is told where nothing shows it", async () => {
  const story = await Story.begin(host, "After a kit");
  const { page } = story;
  await beside(story, "kit.csv", (text) => text.replace("Okafor,Front Desk,", "Okafor,Front Desk; Spa,"));
  await story.plan();
  await story.choose("Groups of people who exist already", "Add");
  await story.release();
  const kit = await story.kit();
  const not = page.getByRole("form", { name: "Keep an account" });
  await expect.poll(() => not.getByLabel("Name").inputValue()).toMatch(/^EdApp/);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  // What proves a file is there for whoever looks for it.
  expect(
    await page
      .getByText(/SHA-256/)
      .first()
      .isVisible(),
  ).toBe(false);
  await page.getByRole("button", { name: "Open the folder" }).click();
  const dialog = page.getByRole("dialog");
  // All of it is the path, and nothing of the page behind.
  await dialog.getByText(kit).click();
  await page.keyboard.press("Control+a");
  expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(kit);
  expect(await grave(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Copy the path" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(kit);
  await story.end();
});

test("who is not in a part of the list is told in one sentence, and not brought back one by one", async () => {
  const story = await Story.begin(host, "A part compared");
  const { page } = story;
  await beside(story, "part.csv", (text) => text.split("\r\n").slice(0, 4).join("\r\n") + "\r\n");
  await page.keyboard.press("Control+3");
  await page.getByText("7 people are not in this list any more.", { exact: false }).waitFor();
  await page.getByText("Not in this list any more", { exact: true }).first().waitFor();
  expect(await page.getByRole("button", { name: "Bring back" }).count()).toBe(0);
  await story.end();
});

test("the status bar tells of a column that is new, and all of it is seen where everything is drawn twice as large", async () => {
  const story = await Story.begin(host, "The status bar");
  const { page } = story;
  await beside(story, "column.csv", (text) =>
    text
      .split("\r\n")
      .map((line, at) => (line === "" ? "" : line + (at === 0 ? ",Cost centre" : ",CC-1")))
      .join("\r\n"),
  );
  const bar = page.getByRole("contentinfo");
  await bar.getByText("1 new column", { exact: false }).waitFor();
  await page.setViewportSize({ width: 640, height: 400 });
  await settle(page);
  const box = await bar.boundingBox();
  for (const part of await bar.locator("> *:not(.gap)").all()) {
    const own = await part.boundingBox();
    expect((own?.x ?? 0) + (own?.width ?? 0)).toBeLessThanOrEqual((box?.width ?? 0) + 0.5);
    expect((own?.y ?? 0) + (own?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0) + 0.5);
  }
  await story.end();
});

test("F1 helps with the problem in the cell, else with the LMS, else with the keys", async () => {
  const { page, complaints } = await host.open();
  const dialog = page.getByRole("dialog");
  await page.keyboard.press("F1");
  await dialog.getByRole("heading", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await openSample(page);
  await page.keyboard.press("F8");
  await expect.poll(() => page.locator(".slick-cell.active").textContent()).toMatch(/problem: /);
  await page.keyboard.press("F1");
  await dialog.locator(".grade").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+4");
  await page.locator(".three").waitFor();
  await page.keyboard.press("F1");
  await dialog.getByRole("heading", { name: "A day with EdApp" }).waitFor();
  expect(await dialog.getByText("muster check").count()).toBe(0);
  expect(await grave(page)).toEqual([]);

  // All of the text that is looked at, and nothing of the page behind it.
  await dialog.getByText("Keep this file as it is", { exact: false }).click();
  await page.keyboard.press("Control+a");
  const selected = await page.evaluate(() => getSelection()?.toString() ?? "");
  expect(selected).toContain("Keep this file as it is");
  expect(selected).not.toContain("Plan & send\nHistory");
  await page.keyboard.press("Escape");
  await page.locator("h1").first().click();
  await page.keyboard.press("Control+a");
  expect(await page.evaluate(() => getSelection()?.toString() ?? "")).toBe("");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a place is named beside its button, over no other one, and no more once it is shown", async () => {
  const { page, complaints } = await host.open();
  const rail = page.getByRole("navigation");
  await rail.getByRole("button", { name: "Compare" }).hover();
  const hint = page.locator(".hint");
  await hint.getByText("Compare (Ctrl+3)").waitFor();
  const [own, all] = [await hint.boundingBox(), await rail.boundingBox()];
  expect(own?.x ?? 0).toBeGreaterThanOrEqual((all?.x ?? 0) + (all?.width ?? 0));
  expect(await rail.locator("[title]").count()).toBe(0);
  await rail.getByRole("button", { name: "Compare" }).click();
  await hint.waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
  await page.close();
});

test("what lies far down scrolls its pane into view, and never the window away", async () => {
  const { page, complaints } = await host.open("", { viewport: { width: 640, height: 400 } });
  await openSample(page);
  await page.getByRole("button", { name: "Save a problem report…" }).focus();
  await page.evaluate(() => [...document.querySelectorAll(".unseen")].at(-1)?.scrollIntoView());
  await page.evaluate(() => [...document.querySelectorAll("aside .unseen")].at(-1)?.scrollIntoView());
  expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
  expect((await page.getByRole("contentinfo").boundingBox())?.y ?? 0).toBeGreaterThan(300);
  expect(complaints).toEqual([]);
  await page.close();
});

test("what is certain is told by problems and cells before it is made", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const words = await page.locator(".safe").textContent();
  const [, problems, cells] = /(\d+) problems?, (\d+) cells?\./.exec(words ?? "") ?? [];
  await page.getByRole("button", { name: `Make all ${problems} safe fixes…` }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Apply all: ${cells} cells` })
    .waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a key that is typed is kept from its first letter to its last while the key is unlocked", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  const cell = page.locator('.slick-row[data-row="0"] .slick-cell.l1');
  await cell.click();
  await page.keyboard.type("new", { delay: 40 });
  const dialog = page.getByRole("dialog");
  await expect.poll(() => dialog.getByRole("textbox").inputValue()).toBe("new");
  // Enter answers nothing.
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Unlock the key" }).click();
  await page.locator(".cell-editor").waitFor();
  await page.keyboard.type(".key", { delay: 40 });
  await settle(page);
  expect(await page.locator(".cell-editor").inputValue()).toBe("new.key");
  await page.keyboard.press("Enter");
  await expect.poll(() => cell.locator(".text").textContent()).toBe("new.key");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a column that answers a choice is shown by the name that the LMS has for it, and another can be chosen", async () => {
  const story = await Story.begin(host, "A column as an answer");
  const { page } = story;
  const export_ = await story.file("learners-export.xlsx");
  await story.open(await story.file("learners-hr-report.xlsx"));
  await story.lmsHas({ file: export_ });
  await story.plan();
  const answer = page.locator("label.other.chosen select");
  await answer.waitFor();
  expect(await answer.inputValue()).not.toBe("");
  const shown = await answer.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.label);
  expect(shown).toBe(await answer.inputValue());
  await story.end();
});

test("whoever is ticked while the plan is made anew stays ticked in the new one", async () => {
  const story = await Story.begin(host, "Ticked while it is planned");
  const { page } = story;
  await beside(story, "ticked.csv", (text) =>
    text.replace("Okafor,Front Desk,", "Okafor,Spa,").replace("Conti,Kitchen - Cold,", "Conti,Front Desk,"),
  );
  expect(await story.plan()).toContain("2 update");
  await page.locator(".person", { hasText: "Paolo Conti" }).getByRole("checkbox").check();
  await story.button("Plan only them").click();
  await page.getByText("This plan is about 1 person.").waitFor();
  await settle(page);

  // The next plan is long in coming, and somebody goes on meanwhile.
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/call", async (route) => {
    const asked = route.request().postDataJSON() as { name: string };
    if (asked.name === "plan") await held;
    await route.continue();
  });
  await story.button("Plan everybody again").click();
  await page.locator(".person", { hasText: "Paolo Conti" }).getByRole("checkbox").check();
  go();
  await page.getByText("This plan is about", { exact: false }).waitFor({ state: "detached" });
  await settle(page);
  expect(await page.locator(".person", { hasText: "Paolo Conti" }).getByRole("checkbox").isChecked()).toBe(true);
  await story.button("Plan all but them").click();
  await page.getByText("This plan is about 1 person.").waitFor();
  await settle(page);
  expect(await page.locator(".person").filter({ hasText: "Mara Okafor" }).locator(".action").textContent()).toContain(
    "update",
  );
  await story.end();
});

// Lists that are opened after it are of this account.
test("a value that is none of those that there are is replaced for everybody from where it is told", async () => {
  const story = await Story.begin(host, "A role by another name");
  const { page } = story;
  await beside(story, "roles.csv", (text) => text.replaceAll(",Learner; Prizing User,", ",Lehrling; Prizing User,"));
  const rule = page.locator(".rule", { hasText: "Lehrling" });
  await rule.getByRole("button", { name: "Replace it everywhere…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Replace values/ });
  await dialog.getByLabel("What Lehrling becomes").fill("Learner");
  await dialog.getByRole("button", { name: "Replace 1 value" }).click();
  await dialog.waitFor({ state: "detached" });
  await rule.waitFor({ state: "detached" });
  await story.end();
});

test("what is known of an LMS is offered as an account, with a name, where a kit was made or it was said", async () => {
  const story = await Story.begin(host, "An account is offered");
  const { page } = story;
  const export_ = await beside(story, "first.csv", (text) => text.replace("Okafor,Front Desk,", "Okafor,Spa,"));
  const offer = page.getByRole("form", { name: "Keep an account" });
  await expect.poll(() => offer.getByLabel("Name").inputValue()).toBe("EdApp, Harbour");
  expect(await grave(page)).toEqual([]);
  await offer.getByRole("button", { name: "Not now" }).click();
  await offer.waitFor({ state: "detached" });
  await story.plan();
  expect(await offer.count()).toBe(0);

  await story.open(await story.file("edapp-one-new.csv"));
  await story.lmsHas({ file: export_ });
  await page.keyboard.press("Control+4");
  await page.locator(".three").waitFor();
  await offer.getByRole("button", { name: "Keep it" }).click();
  await page.locator(".toast", { hasText: "EdApp, Harbour keeps what is known of this list." }).waitFor();
  await offer.waitFor({ state: "detached" });

  // A list of no account is told what the account knows.
  const other = join(host.home, "other.csv");
  await writeFile(other, "email,username,firstname,lastname\nzoe@pier.example,zoe@pier.example,Zoe,Hall\n");
  await story.open(other);
  const not = page.getByRole("button", { name: "Not of it" });
  if (await not.isVisible()) await not.click();
  await story.button(/^Say it/).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^What EdApp, Harbour knows: the snapshot of/ }).check();
  await dialog.getByRole("button", { name: "So it is" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("In EdApp now: the export of", { exact: false }).first().waitFor();
  await story.end();
});
