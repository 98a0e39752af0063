import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "new-from-template",
  label: "New from template…",
  menu: "File",
  key: "Ctrl+N",
  ready: () => true,
  run: () => frame.open({ kind: "new" }),
};
