import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "clear",
  label: "Clear",
  menu: "Edit",
  key: "Delete",
  ready: () => roster.cursor !== null,
  run: () => roster.gridHandle?.clear(),
};
