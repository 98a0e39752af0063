import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "duplicate-person",
  label: "Duplicate person",
  menu: "Edit",
  ready: () => roster.cursor !== null && frame.place === "edit",
  run: async () => roster.duplicatePeople((await roster.gridHandle?.selectedRows()) ?? []),
};
