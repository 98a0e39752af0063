import { describe, expect, test } from "vitest";
import { ACTIONS } from ".";
import { accelerator, actionFor, type Pressed } from "./keys";

function press(key: string, held: Partial<Pressed> = {}): Pressed {
  return { key, code: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

function name(event: Pressed, where = { inText: false, mac: false }): string | undefined {
  return actionFor(event, ACTIONS, where)?.id;
}

describe("keys", () => {
  test("Ctrl+Z undoes in the grid and is left to a text field", () => {
    expect(name(press("z", { ctrlKey: true }))).toBe("undo");
    expect(name(press("z", { ctrlKey: true }), { inText: true, mac: false })).toBeUndefined();
  });

  test("Ctrl+Shift+Z redoes like Ctrl+Y", () => {
    expect(name(press("Z", { ctrlKey: true, shiftKey: true }))).toBe("redo");
    expect(name(press("y", { ctrlKey: true }))).toBe("redo");
  });

  test("F8 goes on and Shift+F8 goes back, in a text field too", () => {
    expect(name(press("F8"), { inText: true, mac: false })).toBe("next-problem");
    expect(name(press("F8", { shiftKey: true }))).toBe("previous-problem");
  });

  test("Cmd takes the place of Ctrl on a Mac", () => {
    expect(name(press("o", { metaKey: true }), { inText: false, mac: true })).toBe("open-file");
    expect(name(press("o", { ctrlKey: true }), { inText: false, mac: true })).toBeUndefined();
  });

  test("signs work with and without Shift, digits on keyboards that need Shift for them", () => {
    expect(name(press("+", { ctrlKey: true, shiftKey: true }))).toBe("zoom-in");
    expect(name(press("+", { ctrlKey: true }))).toBe("zoom-in");
    expect(name(press("&", { ctrlKey: true, code: "Digit1" }))).toBe("go-home");
  });

  test("the keys that every program zooms with touch nobody in the list", () => {
    for (const [key, does] of [
      ["+", "zoom-in"],
      ["=", "zoom-in"],
      ["-", "zoom-out"],
      ["0", "zoom-reset"],
    ] as const)
      expect(name(press(key, { ctrlKey: true }), { inText: true, mac: false })).toBe(does);
  });

  test("deleting a person is no key of a text field", () => {
    expect(name(press("Delete", { ctrlKey: true }))).toBe("delete-person");
    expect(name(press("Delete", { ctrlKey: true }), { inText: true, mac: false })).toBeUndefined();
  });

  test("a plain letter is nobody's key", () => {
    expect(name(press("z"))).toBeUndefined();
  });

  test("menus get keys in Tauri's spelling", () => {
    expect(accelerator("Ctrl+Shift+P")).toBe("CmdOrCtrl+Shift+P");
    expect(accelerator("Ctrl++")).toBe("CmdOrCtrl+=");
    expect(accelerator("Shift+F8")).toBe("Shift+F8");
  });
});
