import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

function column(): number | null {
  const at = roster.column ?? roster.cursor?.column ?? null;
  const card = roster.job?.columns.find((other) => other.column === at);
  return card && !card.locked && !card.secret ? card.column : null;
}

export const action: Action = {
  id: "replace-values",
  label: "Replace values of this column…",
  menu: "Data",
  ready: () => column() !== null,
  run: () => {
    const at = column();
    if (at !== null) frame.open({ kind: "values", column: at });
  },
};
