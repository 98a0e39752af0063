import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "go-edit",
  label: "Edit",
  menu: "View",
  key: "Ctrl+2",
  ready: () => true,
  run: () => frame.go("edit"),
};
