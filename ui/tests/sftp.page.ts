import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grave } from "./axe";
import { answerLmsHas, Host, settle, willPick } from "./host";
import { Ssh } from "./ssh";

const PEOPLE = `First Name,Last Name,Email Address,Employee ID,Title,Manager Email,User Status,Supervisor Status,US State Code,Country ISO Code,City,Hire Date,Birth Date,Exempt,Admin Access,Cost Center
Amelia,Okafor,amelia.okafor@example.com,0007310,Account Executive,,active,Yes,CA,USA,Oakland,2010-01-01,1960,No,Yes,CC-10
Jonas,Lindqvist,jonas.lindqvist@example.com,0007321,Account Executive,amelia.okafor@example.com,active,Yes,NY,USA,Albany,2011-02-02,,Yes,No,CC-11
`;

// `make test` names the server.
describe.skipIf(!process.env.MUSTER_SSHD)("a folder of a real SSH server", () => {
  let host: Host;
  let ssh: Ssh;
  beforeAll(async () => {
    [host, ssh] = await Promise.all([Host.start(), Ssh.start()]);
  });
  afterAll(async () => {
    await Promise.all([host.stop(), ssh.stop()]);
  });

  test("the key of the computer is shown, trusted with a button, and the file of everybody or of the changed people is dropped", async () => {
    const { page, complaints } = await host.open();
    await connection(page, "new");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Kind").selectOption({ label: "SFTP folder" });
    await dialog.getByLabel("Name", { exact: true }).fill("Drop");
    await dialog.getByLabel("Address").fill(ssh.address("roster.csv"));
    await dialog.getByLabel("Account").fill(ssh.user);
    await dialog.getByLabel("File of a private key", { exact: false }).fill(ssh.key);
    await dialog.getByRole("button", { name: "Test" }).click();
    await dialog
      .getByRole("status")
      .getByText(await ssh.fingerprint())
      .waitFor();
    await dialog.getByText("Compare it with what your LMS gave you.", { exact: false }).waitFor();
    await settle(page);
    expect(await grave(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Trust this key" }).press("Enter");
    await dialog.getByText("An SFTP folder at", { exact: false }).waitFor();
    expect(await dialog.getByLabel("Key of the computer", { exact: false }).inputValue()).toBe(await ssh.fingerprint());
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("Test");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("is saved.", { exact: false }).waitFor();
    await dialog.getByText("Let in by a private key.").waitFor();
    await page.keyboard.press("Escape");

    await openPeople(page);
    await page.keyboard.press("Control+4");
    await page.getByRole("radio", { name: /^Drop/ }).check();
    await page.getByRole("button", { name: "Send…" }).waitFor();
    expect(await page.getByRole("checkbox", { name: /^Tick / }).count()).toBe(0);
    await page.getByRole("radiogroup", { name: "People in the upload file" }).waitFor();
    await page.getByRole("radio", { name: /^E-mail/ }).check();
    for (const [only, people, push] of [
      ["Everybody", 2, "Push 1"],
      ["Changed people only", 1, "Push 2"],
    ] as const) {
      await page.keyboard.press("Control+4");
      await page.getByRole("radio", { name: only, exact: true }).click();
      await page.getByRole("radio", { name: only, exact: true, checked: true }).waitFor();
      await page.getByRole("button", { name: "Send…" }).click();
      await dialog.getByRole("button", { name: /^Send / }).click();
      await page.getByRole("heading", { name: push, exact: true }).waitFor();
      await page
        .locator(".state", { hasText: /^.?\s*sent$/ })
        .first()
        .waitFor();
      await page.getByText(`roster.csv, ${people === 1 ? "1 person" : `${people} people`}`, { exact: false }).waitFor();
      expect(await readdir(join(ssh.folder, "drop"))).toEqual(["roster.csv"]);
      const lines = (await readFile(join(ssh.folder, "drop", "roster.csv"), "utf8")).trim().split(/\r?\n/);
      expect(lines.length).toBe(people + 1);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("a key that has changed is refused with both keys, and no button trusts it", async () => {
    const before = await ssh.fingerprint();
    await ssh.startAnew();
    const { page, complaints } = await host.open();
    await connection(page, "Edit Drop");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Test" }).click();
    const said = dialog.getByRole("alert");
    await said.getByText("another computer than before", { exact: false }).waitFor();
    const words = (await said.textContent()) ?? "";
    expect(words).toContain(before);
    expect(words).toContain(await ssh.fingerprint());
    expect(await dialog.getByRole("button", { name: "Trust this key" }).count()).toBe(0);
    // Whoever means it takes the old key out.
    await dialog.getByLabel("Key of the computer", { exact: false }).fill("");
    await dialog.getByRole("button", { name: "Test" }).click();
    await dialog.getByRole("button", { name: "Trust this key" }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  async function openPeople(page: Page): Promise<void> {
    const file = join(host.home, "crew.csv");
    await writeFile(file, PEOPLE);
    await willPick(page, file);
    await page.keyboard.press("Control+o");
    await page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
    await answerLmsHas(page, /^This file/);
    await page.getByRole("gridcell", { name: "Lindqvist", exact: true }).dblclick();
    await page.locator(".cell-editor").fill("Lindqvist Berg");
    await page.keyboard.press("Enter");
    await page.getByText("1 person new or changed").waitFor();
  }
});

/** Opens the form of a connection: of a new one, or by the name of its button. */
async function connection(page: Page, which: string): Promise<void> {
  await page.keyboard.press("Control+Shift+p");
  await page.getByRole("dialog").locator("input").fill("Connections");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: which === "new" ? "Set up a connection…" : which }).click();
  await page.getByLabel("Name", { exact: true }).waitFor();
}
