import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grave } from "./axe";
import { Host, openSample, settle } from "./host";

const PLACES = ["Home", "Edit", "Compare", "Plan & send", "History"];

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test("no place has a serious fault for people who do not see or point", async () => {
    const { page } = await host.open("", { colorScheme });
    await settle(page);
    expect(await grave(page)).toEqual([]);
    await openSample(page);
    for (const place of PLACES) {
      await page
        .getByRole("navigation")
        .getByRole("button", { name: new RegExp(`^${place}`) })
        .click();
      await settle(page);
      expect(await grave(page), place).toEqual([]);
    }
    await page.close();
  });

  test("neither has a dialog or a pane", async () => {
    const { page } = await host.open("", { colorScheme });
    await openSample(page);
    for (const tab of ["Person", "Column", "Steps"]) {
      await page.getByRole("tab", { name: tab }).click();
      await settle(page);
      expect(await grave(page), tab).toEqual([]);
    }
    for (const key of ["Control+/", "Control+Shift+P", "Control+g", "Control+l"]) {
      await page.keyboard.press(key);
      await page.getByRole("dialog").waitFor();
      expect(await grave(page), key).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.close();
  });
});

test("the grid tells a screen reader where it is", async () => {
  const { page } = await host.open();
  await openSample(page);
  const grid = page.getByRole("grid");
  const people = await page.getByRole("radio", { name: /^All/ }).textContent();
  const total = Number((people ?? "").replace(/\D/g, ""));
  await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(String(total + 1));
  await page.keyboard.press("F8");
  const cell = page.locator(".slick-cell.active");
  await expect.poll(() => cell.textContent()).toMatch(/problem: (error|warning|note)/);
  expect(Number(await cell.getAttribute("aria-colindex"))).toBeGreaterThan(1);
  const row = page.locator(".slick-row", { has: cell });
  expect(await row.first().getAttribute("aria-rowindex")).toBe(
    String(Number(await row.first().getAttribute("data-row")) + 2),
  );
  await expect.poll(() => page.getByRole("status").first().textContent()).toMatch(/error|warning|note/);
  await page.close();
});

test("who goes to another place by keys is in that place", async () => {
  const { page } = await host.open();
  await openSample(page);
  const inHand = () => page.evaluate(() => document.activeElement?.closest("[data-pane]")?.getAttribute("data-pane"));
  await expect.poll(inHand).toBe("grid");
  for (const [key, pane] of [
    ["3", "compare"],
    ["4", "plan"],
    ["1", "home"],
  ] as const) {
    await page.keyboard.press(`Control+${key}`);
    await page.locator(`[data-pane="${pane}"]`).waitFor();
    await settle(page);
    await page.keyboard.press("Tab");
    await expect.poll(inHand).toBe(pane);
  }
  await page.keyboard.press("Control+2");
  await expect.poll(inHand).toBe("grid");
  await page.close();
});

test.each([
  { name: "a small window", viewport: { width: 1024, height: 700 } },
  { name: "200 % zoom", viewport: { width: 680, height: 430 } },
])("in $name nothing is out of reach", async ({ viewport }) => {
  const { page } = await host.open("", { viewport });
  await openSample(page);
  for (const place of PLACES) {
    await page
      .getByRole("navigation")
      .getByRole("button", { name: new RegExp(`^${place}`) })
      .click();
    await settle(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide, place).toBeLessThanOrEqual(0);
    const parts = await page.locator("main section").evaluateAll((all) =>
      all
        .filter((one) => !all.some((other) => other !== one && (other.contains(one) || one.contains(other))))
        .map((one) => {
          const { left, right, top } = one.getBoundingClientRect();
          const scrolls = getComputedStyle(one).overflowY !== "visible";
          return {
            name: one.getAttribute("aria-label") ?? "",
            left,
            right,
            top,
            bottom: top + (scrolls ? one.clientHeight : one.scrollHeight),
          };
        }),
    );
    for (const [at, one] of parts.entries()) {
      for (const other of parts.slice(at + 1)) {
        const apart =
          one.right <= other.left + 1 ||
          other.right <= one.left + 1 ||
          one.bottom <= other.top + 1 ||
          other.bottom <= one.top + 1;
        expect(apart, `${place}: “${one.name}” lies over “${other.name}”`).toBe(true);
      }
    }
  }
  await page.close();
});
