import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "find-location",
  label: "Find a location code…",
  menu: "Data",
  key: "Ctrl+L",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "location" }),
};
