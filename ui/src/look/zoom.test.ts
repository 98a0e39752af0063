import { expect, test } from "vitest";
import { stepped } from "./zoom";

test("zoom goes by steps, and stays at the last", () => {
  expect(stepped(100, 1)).toBe(110);
  expect(stepped(100, -1)).toBe(90);
  expect(stepped(300, 1)).toBe(300);
  expect(stepped(50, -1)).toBe(50);
});
