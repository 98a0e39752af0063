import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "keep-snapshot",
  label: "Keep as snapshot",
  menu: "File",
  ready: () => roster.job?.offer_snapshot === true,
  run: () => roster.keepSnapshot(""),
};
