import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "close-list",
  label: "Close the list",
  menu: "File",
  apart: true,
  key: "Ctrl+W",
  ready: () => roster.job !== null,
  run: () => roster.leave(),
};
