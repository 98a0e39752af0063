import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "undo",
  label: "Undo",
  menu: "Edit",
  key: "Ctrl+Z",
  ready: () => Boolean(roster.job?.undo),
  run: () => roster.undo(),
};
