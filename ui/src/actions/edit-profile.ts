import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "edit-profile",
  label: "Change the profile…",
  menu: "File",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "edit-profile", profile: roster.job?.profile.id ?? "generic" }),
};
