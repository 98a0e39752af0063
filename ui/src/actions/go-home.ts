import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "go-home",
  label: "Home",
  menu: "View",
  key: "Ctrl+1",
  ready: () => true,
  run: () => frame.go("home"),
};
