import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "delete-person",
  label: "Delete person",
  menu: "Edit",
  key: "Ctrl+Delete",
  ready: () => roster.cursor !== null && frame.place === "edit",
  run: async () => roster.deletePeople((await roster.gridHandle?.selectedRows()) ?? []),
};
