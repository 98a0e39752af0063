import { fixCell } from "../state/fixing";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "fix-cell",
  label: "Fixes for this cell",
  menu: "Data",
  apart: true,
  key: "Ctrl+.",
  ready: () => roster.cursor !== null,
  run: () => fixCell(),
};
