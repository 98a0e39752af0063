import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "previous-change",
  label: "Previous change",
  menu: "Data",
  key: "Shift+F7",
  ready: () => roster.job !== null,
  run: async () => {
    if (!(await roster.find({ kind: "change" }, true))) frame.tell("No further change above.");
  },
};
