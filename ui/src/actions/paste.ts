import { fromClipboard } from "../state/clipboard";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

// Ctrl+V is not its key: the browser's own paste hands the text over without asking for leave to read the clipboard.
export const action: Action = {
  id: "paste",
  label: "Paste",
  menu: "Edit",
  ready: () => roster.cursor !== null,
  run: async () => {
    const text = await fromClipboard();
    if (text !== null) await roster.gridHandle?.paste(text);
  },
};
