import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "show-changed",
  label: "Only changed people",
  menu: "View",
  ready: () => roster.job !== null,
  run: () => {
    frame.go("edit");
    roster.setView({ show: "changed" });
  },
};
