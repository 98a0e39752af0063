import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "learn-template",
  label: "Learn from the LMS’s own template…",
  menu: "Data",
  ready: () => roster.job !== null && roster.job.profile.id !== "generic",
  run: () => frame.open({ kind: "template" }),
};
