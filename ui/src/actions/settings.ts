import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "settings",
  label: "Look…",
  menu: "View",
  ready: () => true,
  run: () => frame.open({ kind: "settings" }),
};
