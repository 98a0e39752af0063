import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "look-only",
  label: "Look only, or change it again",
  menu: "File",
  ready: () => roster.job !== null,
  run: () => roster.lookOnly(!roster.job?.look_only),
};
