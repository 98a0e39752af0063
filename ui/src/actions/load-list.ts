import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "load-list",
  label: "Load a list of groups or roles…",
  menu: "Data",
  ready: () => (roster.job?.lists.length ?? 0) > 0,
  run: () => frame.open({ kind: "list", list: roster.job?.lists[0]?.kind ?? "groups" }),
};
