import { expect, test } from "vitest";
import { wish } from "./keys";

function press(key: string, held: string[] = []) {
  const has = (name: string) => held.includes(name);
  return { key, ctrlKey: has("ctrl"), metaKey: false, shiftKey: has("shift"), altKey: has("alt") };
}

test("typing replaces the cell, in any script; Backspace empties it first", () => {
  expect(wish(press("a"), false, 10)).toEqual({ type: "a" });
  expect(wish(press("Ж", ["shift"]), false, 10)).toEqual({ type: "Ж" });
  expect(wish(press("Backspace"), false, 10)).toEqual({ type: "" });
});

test("Enter goes down whether a cell is being edited or not, Shift+Enter goes up", () => {
  expect(wish(press("Enter"), false, 10)).toBe("down");
  expect(wish(press("Enter"), true, 10)).toBe("down");
  expect(wish(press("Enter", ["shift"]), true, 10)).toBe("up");
});

test("while a cell is being edited its own keys are left to it", () => {
  expect(wish(press("a"), true, 10)).toBeNull();
  expect(wish(press("Escape"), true, 10)).toBeNull();
});

test("moves are left to the library, and so is selecting all of a short list", () => {
  expect(wish(press("ArrowDown"), false, 10)).toBeNull();
  expect(wish(press("a", ["ctrl"]), false, 10)).toBeNull();
  expect(wish(press("a", ["ctrl"]), false, 1_000_000)).toBe("too-much");
  expect(wish(press("End", ["ctrl", "shift"]), false, 1_000_000)).toBe("too-much");
});
