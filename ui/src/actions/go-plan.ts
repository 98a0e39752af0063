import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "go-plan",
  label: "Plan & send",
  menu: "View",
  key: "Ctrl+4",
  ready: () => true,
  run: () => frame.go("plan"),
};
