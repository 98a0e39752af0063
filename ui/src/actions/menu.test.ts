import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ACTIONS } from ".";
import { CELL_MENU } from "./cell-menu";
import { keysOf } from "./keys";
import { menu } from "./menu";

const FILE = new URL("./menu.json", import.meta.url);

test("the native menus have the list of actions", () => {
  const text = `${JSON.stringify(menu(ACTIONS), null, 2)}\n`;
  if (process.env.BLESS) writeFileSync(FILE, text);
  expect(readFileSync(FILE, "utf8"), "run `BLESS=1 npm test` after changing actions").toBe(text);
});

test("no two actions share an id or a key", () => {
  const ids = ACTIONS.map((action) => action.id);
  const keys = ACTIONS.flatMap(keysOf);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(keys).size).toBe(keys.length);
});

test("the menu of a cell names actions that there are, with Cut, Copy and Paste first", () => {
  const ids = CELL_MENU.flat();
  expect(ids.slice(0, 3)).toEqual(["cut", "copy", "paste"]);
  expect(ids.filter((id) => !ACTIONS.some((action) => action.id === id))).toEqual([]);
});

test("actions of one menu stand together", () => {
  const menus = ACTIONS.map((action) => action.menu);
  const turns = menus.filter((name, at) => name !== menus[at - 1]);
  expect(new Set(turns).size).toBe(turns.length);
});
