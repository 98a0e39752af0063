import { choose } from "../state/ask";
import { frame } from "../state/frame.svelte";
import { ROSTERS } from "../state/file-types";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "bring-back",
  label: "Bring back a corrected file…",
  menu: "File",
  ready: () => roster.job !== null,
  run: async () => {
    const title = "The report or list that came back";
    const path = await choose({ what: "file", title, kinds: [ROSTERS] });
    if (path) frame.open({ kind: "corrected", path });
  },
};
