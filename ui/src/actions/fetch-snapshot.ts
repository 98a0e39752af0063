import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "fetch-snapshot",
  label: "Fetch as snapshot…",
  menu: "Compare",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "fetch", snapshot: true }),
};
