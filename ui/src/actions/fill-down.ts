import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "fill-down",
  label: "Fill down",
  menu: "Edit",
  key: "Ctrl+D",
  ready: () => roster.cursor !== null && frame.place === "edit",
  run: () => roster.gridHandle?.fillDown(),
};
