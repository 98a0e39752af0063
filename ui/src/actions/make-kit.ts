import { planning } from "../state/planning.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "make-kit",
  label: "Make upload kit…",
  menu: "Send",
  ready: () => planning.mayMakeKit,
  run: () => planning.makeKit(),
};
