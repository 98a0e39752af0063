import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "palette",
  label: "All commands",
  menu: "Help",
  key: "Ctrl+Shift+P",
  ready: () => true,
  run: () => frame.open({ kind: "palette" }),
};
