import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "shortcuts",
  label: "Keys",
  menu: "Help",
  key: "Ctrl+/",
  ready: () => true,
  run: () => frame.open({ kind: "shortcuts" }),
};
