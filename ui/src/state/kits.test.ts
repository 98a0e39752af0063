import { expect, test } from "vitest";
import { isWithin } from "./kits";

test("a folder lies in another by whole names", () => {
  expect(isWithin("/home/ana/kits/staff", "/home/ana/kits/staff")).toBe(true);
  expect(isWithin("C:\\kits\\staff\\more", "C:\\kits\\staff\\")).toBe(true);
  expect(isWithin("/home/ana/kits/staff 2", "/home/ana/kits/staff")).toBe(false);
  expect(isWithin("/home/ana/kits", null)).toBe(false);
});
