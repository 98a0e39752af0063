import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host } from "./host";
import { Story } from "./story";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

/** Who is in a kit's upload, by the first cell of each line. */
async function inside(kit: string): Promise<string[]> {
  const text = await readFile(join(kit, "upload.csv"), "utf8");
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return lines.slice(1).map((line) => line.split(",")[0] ?? "");
}

test("EdApp: some people are added to groups, the groups of others replaced, in two kits of one list", async () => {
  const story = await Story.begin(host, "EdApp, some add, some replace");
  const { page } = story;
  const export_ = await story.file("edapp-export.csv");
  const text = await readFile(export_, "utf8");
  const edited = join(host.home, "edapp-add-and-replace.csv");
  await writeFile(
    edited,
    text
      .replace("Okafor,Front Desk,", "Okafor,Front Desk; Spa,")
      .replace("Petrov,Spa,", "Petrov,Front Desk,")
      .replace("Conti,Kitchen - Cold,", "Conti,Front Desk,"),
  );
  await story.open(edited);
  await story.lmsHas({ file: export_ });
  expect(await story.plan()).toEqual(["3 update", "7 same"]);
  await page.locator(".person", { hasText: "Mara Okafor" }).getByRole("checkbox").check();
  await story.button("Plan only them").click();
  await page.getByText("This plan is about 1 person.").waitFor();
  await story.choose("Groups of people who exist already", "Add");
  await story.release();
  const added = await story.kit();
  expect(await inside(added)).toEqual(["mara.okafor@harbour.example"]);
  await page.getByRole("region", { name: "Checklist" }).getByText("Add", { exact: false }).first().waitFor();

  await story.button("Back to the plan").click();
  await story.button("Plan everybody again").click();
  await page.locator(".person", { hasText: "Mara Okafor" }).getByRole("checkbox").check();
  await story.button("Plan all but them").click();
  await page.getByText("This plan is about 2 people.").waitFor();
  await story.choose("Groups of people who exist already", "Replace");
  await story.release();
  const replaced = await story.kit();
  expect(await inside(replaced)).toEqual(["ivo.petrov@harbour.example", "paolo.conti@harbour.example"]);
  await page.getByRole("region", { name: "Checklist" }).getByText("Replace", { exact: false }).first().waitFor();
  const { clicks, typed } = await story.end();
  expect(typed.length).toBeLessThanOrEqual(1);
  expect(clicks).toBeLessThanOrEqual(16);
});

test("Kaspersky: a new column is a field for everybody, which is said before it is sent", async () => {
  const story = await Story.begin(host, "Kaspersky, a new column");
  const { page } = story;
  const file = join(host.home, "asap-new-column.csv");
  await writeFile(
    file,
    "Email,userName,reference,Department\r\n" +
      "noor.said@quay.example,Noor Said,Q-1,Sales\r\n" +
      "omar.diaz@quay.example,Omar Diaz,Q-2,IT\r\n",
  );
  await story.open(file);
  await story.lmsHas(/^Nothing yet/);
  const rule = page.locator(".rule", { hasText: "New field for everybody" });
  await rule.getByText("would make a new field", { exact: false }).waitFor();
  expect(await rule.getByRole("link").getAttribute("href")).toMatch(/^https:\/\/support\.kaspersky\.com\//);
  expect(await story.plan()).toEqual(["2 create"]);
  await page.getByText("The column Department is not sent, so no new field is made of it.").waitFor();
  await story.choose("New fields for everybody", "Make them");
  await page.getByText("The column Department is not sent", { exact: false }).waitFor({ state: "detached" });
  await story.release();
  const kit = await story.kit();
  const { clicks, typed } = await story.effort();
  await story.open(join(kit, "upload.xlsx"));
  for (const header of ["Email", "userName", "reference", "Department"]) {
    await page.getByRole("columnheader", { name: header }).first().waitFor();
  }
  await story.end();
  expect(clicks).toBeLessThanOrEqual(8);
  // The number of the hold.
  expect(typed).toEqual(["1"]);
});

test("No LMS that Muster knows: the key is found with its duplicates, and another one can be named", async () => {
  const story = await Story.begin(host, "People without an LMS");
  const { page } = story;
  const file = await story.file("unknown-one-duplicate.csv");
  await story.open(file);
  const twice = page.locator(".rule", { hasText: "Same key twice" });
  await twice.getByText("also stands on line 9", { exact: false }).waitFor();
  expect(await page.getByText("0 problems", { exact: false }).count()).toBe(0);

  await page.getByRole("button", { name: "What the columns are…" }).last().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What Work mail is").selectOption({ label: "Who somebody is (the key)" });
  await dialog.getByLabel("What Name is").selectOption({ label: "Name" });
  await dialog.getByRole("button", { name: "Use these" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("columnheader", { name: /Work mail.*locked/s }).waitFor();
  await twice.waitFor({ state: "detached" });

  // What is said holds for the next file with these columns, and people are found by it.
  const text = await readFile(file, "utf8");
  const next = join(host.home, "unknown-next-month.csv");
  await writeFile(next, text.replace("s00500,Mara Okafor", "s00777,Mara Okafor"));
  await story.open(next);
  await page.getByRole("columnheader", { name: /Work mail.*locked/s }).waitFor();
  await story.lmsHas({ file });
  await story.button("Compare").click();
  await page.getByText("s00777").first().waitFor();
  expect(await page.getByText("jonas.1@gate.example").count()).toBe(0);
  const { clicks, typed } = await story.end();
  expect(typed).toEqual([]);
  expect(clicks).toBeLessThanOrEqual(12);
});

test("No LMS that Muster knows: name and birthday say together who somebody is", async () => {
  const story = await Story.begin(host, "People without an LMS, a key of two columns");
  const { page } = story;
  const rows = ["Ana Silva,1990-01-02,Sales", "Ana Silva,1984-05-06,Finance", "Bo Lind,1990-01-02,Sales"];
  const last = join(host.home, "october.csv");
  const next = join(host.home, "november.csv");
  const table = (people: string[]) => ["Person,Birthday,Team", ...people, ""].join("\n");
  await writeFile(last, table(rows));
  await writeFile(next, table(["Cy Orr,1999-09-09,Spa", ...rows.toReversed()]).replace("Finance", "Legal"));
  await story.open(next);
  await story.lmsHas({ file: last });
  await story.button("Compare").click();
  await page.getByText("Nobody could be paired").waitFor();
  await story.button("What the columns are…").click();
  const dialog = page.getByRole("dialog", { name: "What the columns are" });
  const key = { label: "Who somebody is (the key)" };
  await dialog.getByLabel("What Person is").selectOption(key);
  await dialog.getByLabel("What Birthday is").selectOption(key);
  await dialog.getByText("Person and Birthday say together who somebody is", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Use these" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("2 people new or changed").waitFor();
  await page.getByText("Legal").first().waitFor();
  await page.getByText("Cy Orr").first().waitFor();
  expect(await page.getByText("Bo Lind").count()).toBe(0);
  const { clicks, typed } = await story.end();
  expect(typed).toEqual([]);
  expect(clicks).toBeLessThanOrEqual(10);
});
