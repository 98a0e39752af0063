import { choose } from "../state/ask";
import { ROSTERS } from "../state/file-types";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "open-file",
  label: "Open…",
  menu: "File",
  key: "Ctrl+O",
  ready: () => true,
  run: async () => {
    const path = await choose({ what: "file", title: "Open a list of people", kinds: [ROSTERS] });
    if (path) await roster.openFile(path);
  },
};
