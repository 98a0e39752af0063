import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "next-problem",
  label: "Next problem",
  menu: "Data",
  key: "F8",
  ready: () => roster.job !== null,
  run: async () => {
    if (!(await roster.find({ kind: "problem" }))) frame.tell("No further problem below.");
  },
};
