import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "next-change",
  label: "Next change",
  menu: "Data",
  key: "F7",
  ready: () => roster.job !== null,
  run: async () => {
    if (!(await roster.find({ kind: "change" }))) frame.tell("No further change below.");
  },
};
