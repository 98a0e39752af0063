import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "go-compare",
  label: "Compare",
  menu: "View",
  key: "Ctrl+3",
  ready: () => true,
  run: () => frame.go("compare"),
};
