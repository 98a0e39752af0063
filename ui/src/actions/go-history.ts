import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "go-history",
  label: "History",
  menu: "View",
  key: "Ctrl+5",
  ready: () => true,
  run: () => frame.go("history"),
};
