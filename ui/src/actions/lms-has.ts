import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "lms-has",
  label: "What the LMS has now…",
  menu: "File",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "lms-has" }),
};
