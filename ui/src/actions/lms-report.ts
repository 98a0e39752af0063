import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "lms-report",
  label: "What the LMS reported…",
  menu: "Send",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "lms-report" }),
};
