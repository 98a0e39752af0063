import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "paste-list",
  label: "Paste a table as a new list…",
  menu: "File",
  ready: () => true,
  run: () => frame.open({ kind: "paste" }),
};
