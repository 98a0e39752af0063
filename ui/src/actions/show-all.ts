import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "show-all",
  label: "All people",
  menu: "View",
  apart: true,
  ready: () => roster.job !== null,
  run: () => {
    frame.go("edit");
    roster.setView({ show: "all" });
  },
};
