import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "show-problems",
  label: "Only people with problems",
  menu: "View",
  ready: () => roster.job !== null,
  run: () => {
    frame.go("edit");
    roster.setView({ show: "problems" });
  },
};
