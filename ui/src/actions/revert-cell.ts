import { revertCell } from "../state/reverting";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "revert-cell",
  label: "Put back what the snapshot has",
  menu: "Edit",
  key: "Ctrl+Shift+R",
  ready: () => roster.cursor !== null && roster.job?.snapshot !== null,
  run: () => revertCell(),
};
