import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "go-to-line",
  label: "Go to line…",
  menu: "Edit",
  also: ["F5"],
  key: "Ctrl+G",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "line" }),
};
