import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "fill-column",
  label: "Fill a column from others…",
  menu: "Data",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "fill", column: roster.cursor?.column ?? 0 }),
};
