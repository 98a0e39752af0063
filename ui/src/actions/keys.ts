import type { Action } from "./action";

/** What a key event has that matters here. */
export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Keys that a text field, and the grid's own editing, need for themselves. */
const OF_TEXT = new Set(["Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z", "Ctrl+X", "Ctrl+C", "Delete", "Ctrl+Delete"]);

/** The action for a key, if it has one here. */
export function actionFor(
  event: Pressed,
  actions: readonly Action[],
  where: { inText: boolean; mac: boolean },
): Action | undefined {
  return actions.find((action) =>
    keysOf(action).some((key) => {
      if (where.inText && OF_TEXT.has(key)) return false;
      return isPressed(event, key, where.mac);
    }),
  );
}

export function keysOf(action: Action): string[] {
  return [...(action.key ? [action.key] : []), ...(action.also ?? [])];
}

function isPressed(event: Pressed, key: string, mac: boolean): boolean {
  const wanted = parts(key);
  const main = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (main !== wanted.ctrl || other || event.altKey !== wanted.alt) return false;
  // Signs such as + and / need Shift on many keyboards.
  if (/^[A-Z0-9]$|^[A-Z][a-z0-9]/.test(wanted.name) && event.shiftKey !== wanted.shift) return false;
  return (
    event.key.toUpperCase() === wanted.name.toUpperCase() ||
    (/^[0-9]$/.test(wanted.name) && event.code === `Digit${wanted.name}`)
  );
}

/** A key as Tauri's menus write it. */
export function accelerator(key: string): string {
  return key.replace("Ctrl+", "CmdOrCtrl+").replace(/\+\+$/, "+=");
}

/** A key as it is shown. */
export function shown(key: string, mac: boolean): string {
  const words = key.replace(/\+-$/, "+−");
  return mac ? words.replace("Ctrl+", "⌘").replace("Shift+", "⇧") : words;
}

function parts(key: string): { ctrl: boolean; shift: boolean; alt: boolean; name: string } {
  const name = key.endsWith("++") ? "+" : (key.split("+").pop() ?? key);
  return {
    ctrl: key.includes("Ctrl+"),
    shift: key.includes("Shift+"),
    alt: key.includes("Alt+"),
    name,
  };
}
