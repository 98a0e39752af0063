import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, Host, openSample, willPick } from "./host";

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

test("a profile is adapted beside its test on the open list, saved, and the list is read by it", async () => {
  const { page, complaints } = await host.open();
  await openSample(page);
  await page.locator(".bar button", { hasText: "EdApp" }).click();
  await page.getByText("What identifies a person").waitFor();
  await page.getByText("Not known", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Adapt it to our LMS…" }).click();
  const dialog = page.getByRole("dialog");
  const trial = dialog.getByRole("region", { name: "Test on the open list" });
  await trial.getByText(/\d+ rows, \d+ different, /).waitFor();
  await dialog.getByLabel("Name", { exact: true }).fill("Acme");
  await dialog.getByLabel("Short name").fill("Acme!");
  await dialog.getByText("Only small letters, digits and hyphens.").waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Something has to be put right first.").waitFor();
  await dialog.getByLabel("Short name").fill("acme");

  await dialog.getByRole("button", { name: "Columns", exact: true }).click();
  await dialog.getByLabel("Column", { exact: true }).selectOption({ label: "First name" });
  await dialog.getByLabel("Most characters").fill("2");
  const long = trial.getByRole("row", { name: /Too long/i });
  await long.waitFor();
  await expect.poll(() => long.getByRole("cell").allTextContents()).toEqual(["0", expect.not.stringMatching(/^0$/)]);

  await dialog.getByRole("button", { name: "Problems", exact: true }).click();
  await dialog.getByLabel("Find a problem").fill("too-long");
  await dialog.locator("li select").selectOption("off");
  await expect.poll(() => long.count()).toBe(0);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.locator(".toast", { hasText: "Saved Acme" }).waitFor();
  await page.locator(".bar button", { hasText: "Acme" }).waitFor();
  expect(await readFile(join(host.home, "profiles", "acme.toml"), "utf8")).toContain('based_on = "edapp"');
  expect(complaints).toEqual([]);
  await page.close();
});

test("leaving the form asks first and changes nothing", async () => {
  const { page } = await host.open();
  await page.getByRole("button", { name: "Adapt Kolibri" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Zebra");
  await page.keyboard.press("Escape");
  await dialog.getByText("What you changed here is not saved.").waitFor();
  await dialog.getByRole("button", { name: "Stay" }).click();
  expect(await dialog.getByLabel("Name", { exact: true }).inputValue()).toBe("Zebra");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.getByRole("button", { name: "Leave without saving" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await page.getByText("Zebra").count()).toBe(0);
  await page.close();
});

test("a colleague's profile is imported, handed on and removed", async () => {
  const { page, complaints } = await host.open();
  const sent = join(host.home, "sent.toml");
  await writeFile(sent, 'id = "beta"\nname = "Beta"\nbased_on = "kolibri"\n');
  await willPick(page, sent, join(host.home, "copy.toml"), sent);
  await page.getByRole("button", { name: "Import a profile…" }).click();
  await page.getByRole("heading", { name: "Beta" }).waitFor();
  await page.getByRole("button", { name: "Hand on Beta" }).click();
  await page.locator(".toast", { hasText: "Saved copy.toml" }).waitFor();
  expect(await readFile(join(host.home, "copy.toml"), "utf8")).toBe(await readFile(sent, "utf8"));
  await page.getByRole("button", { name: "Import a profile…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace it" }).click();
  await page.locator(".toast", { hasText: "Beta is one of your profiles now" }).waitFor();
  await page.getByRole("button", { name: "Remove Beta" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
  await page.getByRole("heading", { name: "Beta" }).waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
  await page.close();
});

test("what a stranger's profile softens is shown and asked about before it is taken in, and named afterwards", async () => {
  const { page, complaints } = await host.open();
  const sent = join(host.home, "sent.toml");
  const soft =
    '[[field]]\nid = "password"\nkind = "text"\n[rules.email-malformed]\noff = true\n' +
    "[guards.delete]\npeople = 4000000000\n[guards.deactivate]\npeople = 4000000000\n" +
    '[connector.edapp.fields]\nfirstname = "lastName"\n';
  await writeFile(sent, `id = "gamma"\nname = "Gamma"\nsummary = "From a colleague."\nbased_on = "edapp"\n${soft}`);
  await willPick(page, sent, sent);
  await page.getByRole("button", { name: "Import a profile…" }).click();
  const dialog = page.getByRole("dialog", { name: "Take over the profile “Gamma”?" });
  const softens = dialog.getByRole("list", { name: "What it softens, or sends elsewhere, than EdApp (SC Training)" });
  await softens.getByText(/It switches off 1 of \d+ checks: “Not an e-mail address”/).waitFor();
  await softens.getByText("By EdApp it sends First name as lastName").waitFor();
  await softens.getByText("The hold delete waits for more: more than 4,000,000,000 people").waitFor();
  const unheeded = dialog.getByRole("list", { name: "What Muster does not do, whatever it says" });
  await unheeded.getByText("Muster keeps it one").waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "take-over.png") });
  // Enter, and Escape, leave it.
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(await page.getByRole("heading", { name: "Gamma" }).count()).toBe(0);

  await page.getByRole("button", { name: "Import a profile…" }).click();
  await dialog.getByRole("button", { name: "Take it over" }).click();
  await page.locator(".toast", { hasText: "Gamma is one of your profiles now" }).waitFor();
  await page.getByText("Own profile, based on EdApp (SC Training); it softens 4 things").waitFor();
  await openSample(page);
  await page.locator(".bar button", { hasText: "EdApp" }).click();
  await page.getByRole("button", { name: "Choose another LMS…" }).click();
  await page.getByRole("dialog").getByText("Gamma", { exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Use this one" }).click();
  await page.getByRole("contentinfo", { name: "State" }).getByText("Own profile: Gamma").waitFor();
  await page.locator(".bar button", { hasText: "own profile" }).click();
  await page.getByText("What it softens").waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "chip.png") });
  await ask(page, "remove_profile", { id: "gamma" });
  expect(complaints).toEqual([]);
  await page.close();
});

test("of two profiles that fit a list one is asked for, and nothing is planned before", async () => {
  const { page, complaints } = await host.open();
  for (const [id, name] of [
    ["north", "North Clinic"],
    ["south", "South Clinic"],
  ]) {
    const sent = join(host.home, "sent.toml");
    const ward = '[[field]]\nid = "ward"\ntitle = "Ward"\nheaders = ["Ward"]\n';
    await writeFile(sent, `id = "${id}"\nname = "${name}"\nbased_on = "kolibri"\n${ward}`);
    await ask(page, "import_profile", { path: sent, replace: false, trust: false });
  }
  const file = join(host.home, "learners.csv");
  const header =
    "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO),Ward\n";
  await writeFile(file, `${header},eva,Sunflower-9,Eva Roth,LEARNER,,,,Red,,3\n`);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  const asked = page.locator(".asked", { hasText: "Which LMS is this list from?" });
  await asked.getByRole("button", { name: "South Clinic" }).waitFor();
  await page.keyboard.press("Control+4");
  await page.getByText("the list may be of").first().waitFor();
  await page.keyboard.press("Control+2");
  await asked.getByRole("button", { name: "South Clinic" }).click();
  await page.locator(".toast", { hasText: "Read as South Clinic." }).waitFor();
  await asked.waitFor({ state: "detached" });
  for (const id of ["north", "south"]) await ask(page, "remove_profile", { id });
  expect(complaints).toEqual([]);
  await page.close();
});
