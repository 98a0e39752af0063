import { saveCopy } from "../state/saving";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "save-copy",
  label: "Save a copy…",
  menu: "File",
  apart: true,
  key: "Ctrl+S",
  ready: () => roster.job !== null,
  run: () => saveCopy(),
};
