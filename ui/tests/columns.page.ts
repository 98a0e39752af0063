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

const REPORT =
  "Contact,username,Given name,Crew,Country\n" +
  "ada@example.com,ada,Ada,HR,UK\nbo@example.com,bo,Bo,Ops,UK\ncy@example.com,cy,Cy,HR,NL\n";

async function openReport(page: Page, name: string, text: string): Promise<void> {
  const file = join(host.home, name);
  await writeFile(file, text);
  await willPick(page, file);
  await page.keyboard.press("Control+o");
  // The rows of the list that was open before are there too.
  await page.locator("h1", { hasText: name.replace(".csv", "") }).waitFor();
  await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
}

async function pickFromMenu(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+Shift+p");
  await page.getByRole("dialog").getByRole("combobox").fill(name);
  await page.keyboard.press("Enter");
}

test("a guessed column is told, looked at, and read so once it is confirmed", async () => {
  const { page, complaints } = await host.open();
  await openReport(page, "may.csv", REPORT);
  await pickFromMenu(page, "Choose the LMS");
  const lms = page.getByRole("dialog");
  await lms.getByRole("radio", { name: /^EdApp/ }).check();
  await lms.getByRole("button", { name: "Use this one" }).click();

  const strip = page.getByText("1 column looks like one", { exact: false });
  await strip.waitFor();
  await page.getByRole("button", { name: "Look at it" }).click();
  const dialog = page.getByRole("dialog");
  const contact = dialog.getByLabel("What Contact is");
  await contact.waitFor();
  expect(await contact.inputValue()).toBe("field:email");
  await dialog.getByText("all values look like e-mail addresses", { exact: false }).waitFor();
  expect(await dialog.getByLabel("What Given name is").inputValue()).toBe("field:firstname");
  // By keys alone.
  await dialog.getByLabel("What Crew is").focus();
  await dialog.getByLabel("What Crew is").selectOption({ label: "User groups" });
  await dialog.getByRole("button", { name: "Use these" }).press("Enter");
  await strip.waitFor({ state: "detached" });

  await pickFromMenu(page, "What the columns are");
  await dialog.getByText("You chose it.").first().waitFor();
  expect(await dialog.getByLabel("What Crew is").inputValue()).toBe("field:usergroups");
  await page.keyboard.press("Escape");
  expect(complaints).toEqual([]);
  await page.close();
});

test("values are replaced for everybody and offered again in the next file", async () => {
  const { page, complaints } = await host.open();
  await openReport(page, "june.csv", REPORT.replace("Contact", "email"));
  await page.locator(".slick-header-column", { hasText: "Country" }).click();
  await page.getByRole("button", { name: "Replace values…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What UK becomes").fill("GB");
  await dialog.getByRole("button", { name: "Replace 1 value" }).click();
  await page.locator(".toast", { hasText: "2 cells changed" }).waitFor();
  await openReport(page, "july.csv", REPORT.replace("Contact", "email").replace("cy,Cy", "cy,Cyd"));
  await page.getByText("1 value here was replaced in an earlier file.").waitFor();
  await page.getByRole("button", { name: "Replace as before" }).click();
  await page.locator(".toast", { hasText: "2 cells changed" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("what was done with one list is kept as a recipe and done with the next, and what differs is told", async () => {
  const { page, complaints } = await host.open();
  await openReport(page, "august.csv", REPORT.replace("Contact", "email"));
  await page.locator(".slick-header-column", { hasText: "Crew" }).click();
  await page.getByRole("button", { name: "Replace values…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What HR becomes").fill("Human Resources");
  await dialog.getByLabel("What Ops becomes").fill("Operations");
  await dialog.getByRole("button", { name: "Replace 2 values" }).click();
  await page.getByRole("tab", { name: "Steps" }).click();
  await page.getByRole("button", { name: "Save as recipe…" }).click();
  await dialog.getByLabel("Its name").fill("Monthly");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.locator(".toast", { hasText: "Monthly" }).waitFor();

  await openReport(page, "september.csv", REPORT.replace("Contact", "email").replace("Ops", "IT"));
  await pickFromMenu(page, "Run a recipe");
  await dialog.getByRole("radio", { name: /^Monthly/ }).check();
  await dialog.getByRole("button", { name: "Run it" }).click();
  await dialog.getByText("Not as before:", { exact: false }).waitFor();
  expect(await dialog.textContent()).toContain("Ops no longer occurs in Crew");
  await dialog.locator("footer").getByRole("button", { name: "Close" }).click();
  await page
    .getByRole("gridcell", { name: /Human Resources/ })
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});
