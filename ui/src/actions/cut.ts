import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "cut",
  label: "Cut",
  menu: "Edit",
  apart: true,
  key: "Ctrl+X",
  ready: () => roster.cursor !== null,
  run: () => roster.gridHandle?.cut(),
};
