import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "redo",
  label: "Redo",
  menu: "Edit",
  also: ["Ctrl+Shift+Z"],
  key: "Ctrl+Y",
  ready: () => Boolean(roster.job?.redo),
  run: () => roster.redo(),
};
