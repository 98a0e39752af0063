import { explainCell } from "../state/fixing";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "explain-cell",
  label: "What this problem means",
  menu: "Data",
  ready: () => roster.cursor !== null,
  run: () => explainCell(),
};
