import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { settle, willPick, type Host } from "./host";

const FILES = join(import.meta.dirname, "../../src-tauri/cli/tests/journeys/files");

/** What somebody has done in the page so far: every press of a button or box, and every character typed. */
interface Effort {
  clicks: number;
  typed: string[];
}

/** One of the days that the journeys are about, with what it takes counted by the page itself. */
export class Story {
  private constructor(
    private readonly host: Host,
    private readonly name: string,
    readonly page: Page,
    private readonly complaints: string[],
  ) {}

  static async begin(host: Host, name: string): Promise<Story> {
    const { page, complaints } = await host.open();
    await page.evaluate(() => {
      const effort: Effort = { clicks: 0, typed: [] };
      addEventListener("pointerdown", (event) => event.isTrusted && (effort.clicks += 1), true);
      addEventListener(
        "change",
        (event) => (event.target as Element).tagName === "SELECT" && (effort.clicks += 1),
        true,
      );
      addEventListener(
        "keydown",
        (event) => event.isTrusted && event.ctrlKey && event.key.length === 1 && (effort.clicks += 1),
        true,
      );
      let last: EventTarget | null = null;
      const write = (event: Event): void => {
        const into = event.target as HTMLInputElement;
        if (into.type === "radio" || into.type === "checkbox" || into.tagName === "SELECT") return;
        if (into === last) effort.typed.pop();
        effort.typed.push(into.value);
        last = into;
      };
      addEventListener("input", write, true);
      Object.assign(window, { effort });
    });
    return new Story(host, name, page, complaints);
  }

  /** A file of the journeys, fresh from where it came from. */
  async file(name: string): Promise<string> {
    const file = join(this.host.home, name);
    await copyFile(join(FILES, name), file);
    return file;
  }

  /** Opens a file by the button that Home has for it, or the keys where another list is open. */
  async open(file: string): Promise<void> {
    await willPick(this.page, file);
    const button = this.page.getByRole("button", { name: /^Open a file/ });
    if (await button.isVisible()) await button.click();
    else await this.page.keyboard.press("Control+o");
    await this.page.getByText(basename(file)).first().waitFor();
    await this.page.locator(".grid:not(.provisional) .slick-cell").first().waitFor();
    await settle(this.page);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name }).first();
  }

  /** Says what the LMS has now, where the page asks it. */
  async lmsHas(answer: { file: string } | RegExp): Promise<void> {
    await this.button(/^Say it/).click();
    const dialog = this.page.getByRole("dialog");
    if (answer instanceof RegExp) {
      await dialog.getByRole("radio", { name: answer }).check();
      await dialog.getByRole("button", { name: "So it is" }).click();
    } else {
      await willPick(this.page, answer.file);
      const another = dialog.getByRole("radio", { name: /^Another file/ });
      if (!(await another.isChecked())) await another.check();
      await dialog.getByRole("button", { name: "Choose the file…" }).click();
    }
    await dialog.waitFor({ state: "detached" });
    await settle(this.page);
  }

  /** Goes to the plan, and says what it counts, in the words on the screen. */
  async plan(): Promise<string[]> {
    await this.button(/^Plan & send/).click();
    await this.page.locator(".three").waitFor();
    return this.counts();
  }

  /** What the plan counts now: “1 new”, “9 the same” … */
  async counts(): Promise<string[]> {
    await settle(this.page);
    const told = await this.page.getByRole("group", { name: "Show only" }).getByRole("button").allTextContents();
    return told.map((text) => /[\d,]+ .*/.exec(text.replace(/\s+/g, " ").trim())?.[0] ?? text);
  }

  /** Chooses what will be chosen in the LMS. */
  async choose(question: string, answer: string): Promise<void> {
    const group = this.page.getByRole("group", { name: question });
    await group.getByRole("radio", { name: new RegExp(`^${answer}`) }).check();
    await settle(this.page);
  }

  /** Makes all fixes of a rule, after a look at what they change. */
  async fixAll(name: string | RegExp): Promise<void> {
    await this.button(name).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.locator("tbody tr").first().waitFor();
    await dialog.getByRole("button", { name: /^Apply/ }).click();
    await dialog.waitFor({ state: "detached" });
    await settle(this.page);
  }

  /** Types the number of each hold that stands. */
  async release(): Promise<void> {
    await settle(this.page);
    for (const hold of await this.page.locator(".hold:not(.released)").all()) {
      const number = /This plan: ([\d,]+)/.exec((await hold.textContent()) ?? "")?.[1]?.replace(",", "");
      await hold.locator("input").fill(number ?? "");
    }
    await settle(this.page);
  }

  /** Makes the kit, and says where it is. */
  async kit(): Promise<string> {
    const make = this.button("Make upload kit…");
    await expect.poll(() => make.isEnabled()).toBe(true);
    await willPick(this.page, this.host.home);
    await make.click();
    await this.page.getByRole("heading", { name: "The upload kit is ready" }).waitFor();
    return (await this.page.locator(".folder .cell-text").textContent()) ?? "";
  }

  /** Keeps a picture of the window where somebody asked for one: `MUSTER_LOOKS` names the folder. */
  async look(name: string): Promise<void> {
    const folder = process.env.MUSTER_LOOKS;
    if (!folder) return;
    await settle(this.page);
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** What it took. */
  effort(): Promise<Effort> {
    return this.page.evaluate(() => (window as unknown as { effort: Effort }).effort);
  }

  /** Ends the story: the page had nothing to complain about, and what it took is told. */
  async end(): Promise<Effort> {
    const effort = await this.effort();
    expect(this.complaints).toEqual([]);
    await this.page.close();
    console.log(`${this.name}: ${effort.clicks} clicks, typed: ${effort.typed.join(", ") || "nothing"}`);
    return effort;
  }
}
