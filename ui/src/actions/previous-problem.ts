import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "previous-problem",
  label: "Previous problem",
  menu: "Data",
  key: "Shift+F8",
  ready: () => roster.job !== null,
  run: async () => {
    if (!(await roster.find({ kind: "problem" }, true))) frame.tell("No further problem above.");
  },
};
