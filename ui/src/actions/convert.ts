import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "convert",
  label: "Move to another LMS…",
  menu: "File",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "convert" }),
};
