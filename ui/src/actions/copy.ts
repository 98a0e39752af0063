import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "copy",
  label: "Copy",
  menu: "Edit",
  key: "Ctrl+C",
  ready: () => roster.cursor !== null,
  run: () => roster.gridHandle?.copy(),
};
