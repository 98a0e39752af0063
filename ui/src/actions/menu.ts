import type { Action } from "./action";
import { accelerator } from "./keys";

interface Entry {
  menu: string;
  /** Null draws a line. */
  id: string | null;
  label: string;
  key: string | null;
}

const LINE = { id: null, label: "", key: null };

/** The native menus, as the window's shell reads them. */
export function menu(actions: readonly Action[]): Entry[] {
  const entries = actions.flatMap((action): Entry[] => {
    const entry = {
      menu: action.menu,
      id: action.id,
      label: action.label,
      key: action.key ? accelerator(action.key) : null,
    };
    return action.apart ? [{ menu: action.menu, ...LINE }, entry] : [entry];
  });
  // The shell quits by itself; the page never hears of it.
  const quit = { menu: "File", id: "quit", label: "Quit", key: "CmdOrCtrl+Q" };
  const last = entries.findLastIndex((entry) => entry.menu === "File");
  return entries.toSpliced(last + 1, 0, quit);
}
