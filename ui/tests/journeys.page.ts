import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host } from "./host";
import { Story } from "./story";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

/** The lines of a kit's upload, where it is a text. */
async function upload(kit: string): Promise<string[]> {
  const text = await readFile(join(kit, "upload.csv"), "utf8");
  return text.split(/\r?\n/).filter((line) => line !== "");
}

test("EdApp: an export edited in a spreadsheet, with the export named as what the LMS has", async () => {
  const story = await Story.begin(host, "EdApp, edited in a spreadsheet");
  const export_ = await story.file("edapp-export.csv");
  const text = await readFile(export_, "utf8");
  const edited = join(host.home, "edapp-edited.csv");
  const noor = "noor.said@harbour.example,,Noor,Said,Spa,,,,HX-0099,Agent,Ops\r\n";
  await writeFile(edited, text.replace("Okafor,Front Desk,", "Okafor,Front Desk; Spa,") + noor);
  await story.open(edited);
  await story.lmsHas({ file: export_ });
  expect(await story.plan()).toEqual(["1 update", "1 create", "9 same"]);
  await story.choose("Groups of people who exist already", "Add");
  await story.choose("Invitations to new people", "Send none");
  await story.release();
  const lines = await upload(await story.kit());
  expect(lines[0]).toBe(text.split(/\r?\n/)[0]);
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual([
    "mara.okafor@harbour.example",
    "noor.said@harbour.example",
  ]);
  const { clicks, typed } = await story.end();
  expect(typed).toEqual([]);
  expect(clicks).toBeLessThanOrEqual(9);
});

test("Workleap: everybody is new, and the dates are mended with one fix for the column", async () => {
  const story = await Story.begin(host, "Workleap, everybody new");
  await story.open(await story.file("workleap-new-hires.xlsx"));
  await story.lmsHas(/^Nothing yet/);
  await story.fixAll("Fix all 6");
  expect(await story.plan()).toEqual(["6 create"]);
  await story.page.getByText("6 invitations would be sent by mail.").waitFor();
  await story.release();
  const kit = await story.kit();
  expect(await readdir(kit)).toContain("upload.xlsx");
  const { clicks, typed } = await story.end();
  expect(typed).toEqual(["6"]);
  expect(clicks).toBeLessThanOrEqual(9);
});

test("Learners: an HR report, whose people are known by a column of its own and get the column that it lacks", async () => {
  const story = await Story.begin(host, "Learners from an HR report");
  const export_ = await story.file("learners-export.xlsx");
  await story.open(await story.file("learners-hr-report.xlsx"));
  // Nothing is said to be right before it is known of which LMS it is.
  await story.page.getByText("Whether yours takes this list is not known", { exact: false }).waitFor();
  await story.look("learners-before");
  await story.lmsHas({ file: export_ });
  const missing = story.page.locator(".rule li", { hasText: "Login Name" });
  await story.look("learners-problems");
  await missing.getByRole("button", { name: "Fill it from others…" }).click();
  const dialog = story.page.getByRole("dialog");
  await dialog.getByText("Login Name is not in this list.", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Work mail" }).click();
  await dialog.locator("tbody tr").first().waitFor();
  await story.look("learners-fill");
  await dialog.getByRole("button", { name: "Fill 10" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await story.plan()).toEqual(["1 create", "1 left alone", "9 same"]);
  await story.look("learners-plan");
  await story.choose("Blank cells", "Ignore");
  await story.release();
  const kit = await story.kit();
  expect(await readdir(kit)).toContain("upload.xls");
  // The checklist names the method by which people were found.
  expect(await readFile(join(kit, "checklist.md"), "utf8")).toContain("Sync LMS Dashboard to HRIS");
  const { clicks, typed } = await story.end();
  expect(typed).toEqual([]);
  expect(clicks).toBeLessThanOrEqual(11);
});

test("Roster: the new hires of the week are read as Emtrain's once its export is named, and what is certain is mended at once", async () => {
  const story = await Story.begin(host, "Roster, new hires of the week");
  const export_ = await story.file("roster-export.csv");
  await story.open(await story.file("roster-new-hires.csv"));
  await story.page.getByText("What does the LMS have now?").first().waitFor();
  await story.lmsHas({ file: export_ });
  await story.page.getByText("In Emtrain now: the export of", { exact: false }).first().waitFor();
  await story.fixAll(/^Make all \d+ safe fixes/);
  expect(await story.plan()).toEqual(["2 create", "10 left alone"]);
  await story.choose("Your account's CSV sync field", "E-mail");
  await story.choose("What the file holds", "New hires only");
  await story.release();
  const lines = await upload(await story.kit());
  const header = (await readFile(export_, "utf8")).split(/\r?\n/)[0];
  expect(lines[0]).toBe(header);
  expect(lines.slice(1)).toEqual([
    "Noor,Said,noor.said@delta.example,,CA,,USA,000930,2026-11-30,active,Analyst,mara.okafor@delta.example,,,",
    "Omar,Diaz,omar.diaz@delta.example,,NY,,USA,000931,2026-12-01,active,Analyst,mara.okafor@delta.example,,,",
  ]);
  const { clicks, typed } = await story.end();
  expect(typed).toEqual([]);
  expect(clicks).toBeLessThanOrEqual(9);
});

test("Roster: the leavers of the month are whole once the export is named, and what no file can do is ticked", async () => {
  const story = await Story.begin(host, "Roster, leavers of the month");
  const export_ = await story.file("roster-export.csv");
  const report = join(host.home, "leavers.csv");
  await writeFile(
    report,
    "Worker ID,Worker,Termination Date,Termination Reason,Admin Access\n" +
      "000410,Mara Okafor,2026-11-13,Retired,No\n" +
      "000414,Sunniva Dahl,2026-11-20,Resigned,No\n" +
      "000416,Tess Marlow,2999-12-31,Retired,No\n",
  );
  await story.open(report);
  await story.lmsHas({ file: export_ });
  const notice = story.page.locator(".strip", { hasText: "A report of leavers" });
  await notice.getByText("Tess Marlow leaves on 31 December 2999: not in this kit").waitFor();
  await story.look("leavers");

  // One undo has the report as it came, and tells nothing more of it.
  await story.page.keyboard.press("Control+z");
  await story.page.getByRole("columnheader", { name: "Termination Reason" }).waitFor();
  await notice.waitFor({ state: "detached" });
  await story.page.keyboard.press("Control+y");
  await notice.waitFor();

  await story.page.keyboard.press("Control+Shift+p");
  await story.page.getByRole("dialog").locator("input").fill("Account");
  await story.page.keyboard.press("Enter");
  const dialog = story.page.getByRole("dialog");
  await dialog.getByLabel("Begin an account of this list, called").fill("Delta");
  await dialog.getByRole("button", { name: "Begin it" }).click();
  await dialog.getByRole("heading", { name: "Delta" }).waitFor();
  await story.page.keyboard.press("Escape");

  expect(await story.plan()).toEqual(["2 deactivate", "8 same"]);
  const scope = story.page.getByRole("group", { name: "What the file holds" });
  expect(await scope.getByRole("radio", { name: /^Terminations and edits only/ }).isChecked()).toBe(true);
  await story.look("leavers-plan");
  await story.choose("Your account's CSV sync field", "E-mail");
  await story.release();
  const kit = await story.kit();
  const lines = await upload(kit);
  expect(lines[0]).toBe((await readFile(export_, "utf8")).split(/\r?\n/)[0]);
  expect(lines.slice(1).map((line) => line.split(",").slice(0, 3).join(" "))).toEqual([
    "Mara Okafor mara.okafor@delta.example",
    "Sunniva Dahl sunniva.dahl@delta.example",
  ]);
  for (const line of lines.slice(1)) expect(line).toContain(",inactive,Analyst,");

  await story.button(/^Edit/).click();
  // Whoever leaves later is kept there too.
  await story.button("Delta: 2 to do by hand").click();
  for (const item of [/Mara Okafor.*Admin Access/s, /Tess Marlow/]) {
    await dialog.getByRole("checkbox", { name: item }).click();
    await dialog
      .getByText(/^\d thing/)
      .first()
      .waitFor();
  }
  await dialog.getByText("Nothing is left to be done by hand.").waitFor();
  const { clicks, typed } = await story.end();
  // The number is that of the hold: an administrator goes.
  expect(typed).toEqual(["Account", "Delta", "1"]);
  expect(clicks).toBeLessThanOrEqual(16);
});

test("EdApp: last month's export beside this month's says who came, changed and went", async () => {
  const story = await Story.begin(host, "EdApp, last month beside this month");
  const last = await story.file("edapp-owner-export.csv");
  const lines = (await readFile(last, "utf8")).split("\r\n");
  const gone = lines.filter((line) => !line.startsWith("ravi.menon@"));
  const now = gone.join("\r\n").replace("HX-0003,Agent", "HX-0003,Lead");
  const next = join(host.home, "edapp-this-month.csv");
  const noor =
    "noor.said@harbour.example,noor.said@harbour.example,Noor,Said,Spa,Learner,2026-11-20,,HX-0099,Agent,Ops\r\n";
  await writeFile(next, now + noor);
  await story.open(next);
  await story.lmsHas({ file: last });
  await story.button("Compare").click();
  for (const who of ["noor.said@harbour.example", "ivo.petrov@harbour.example", "ravi.menon@harbour.example"]) {
    await story.page.getByText(who).first().waitFor();
  }
  expect(await story.page.getByText("mara.okafor@harbour.example").count()).toBe(0);
  const { clicks, typed } = await story.end();
  expect(typed).toEqual([]);
  expect(clicks).toBeLessThanOrEqual(4);
});

test("EdApp: a group that nobody is in yet is real, and a name stands with its reason", async () => {
  const story = await Story.begin(host, "EdApp, a group that is empty still");
  await story.open(await story.file("edapp-empty-group.csv"));
  await story.lmsHas({ file: await story.file("edapp-export.csv") });
  const group = story.page.locator(".rule", { hasText: "Group not known" });
  await group.getByRole("button", { name: "Let it stand…" }).click();
  const dialog = story.page.getByRole("dialog");
  const stand = dialog.getByRole("button", { name: "Let it stand" });
  expect(await stand.isDisabled()).toBe(true);
  await dialog.getByLabel("Why it is right as it is").fill("Opens on Monday");
  await stand.click();
  await group.waitFor({ state: "detached" });
  await story.page.getByText("1 thing you know better").click();
  await story.page.getByText("Opens on Monday").waitFor();
  await story.page.getByRole("button", { name: /^Tell it again/ }).click();
  await group.getByRole("button", { name: "It is a real group" }).click();
  await group.waitFor({ state: "detached" });
  await story.page.getByText("1 thing you know better").click();
  await story.page.getByText("is a real group", { exact: false }).last().waitFor();
  expect(await story.plan()).toContain("1 update");
  await story.end();
});

test("The article behind a finding is opened outside the page", async () => {
  const story = await Story.begin(host, "The article behind a finding");
  const list = join(host.home, "of-another-lms.csv");
  await writeFile(list, "Email,userName,reference,Cost centre\r\nnoor.said@quay.example,Noor Said,Q-1,CC-1\r\n");
  await story.open(list);
  await story.lmsHas(/^Nothing yet/);
  const link = story.page
    .locator(".rule")
    .getByRole("link", { name: /^Read the article at/ })
    .first();
  expect(await link.getAttribute("href")).toMatch(/^https:\/\//);
  await story.page.context().route(/.*/, (route) => route.fulfill({ body: "" }));
  const [article] = await Promise.all([story.page.context().waitForEvent("page"), link.click()]);
  expect(article.url()).toBe(await link.getAttribute("href"));
  expect(new URL(story.page.url()).pathname).toBe("/");
  await story.end();
});
