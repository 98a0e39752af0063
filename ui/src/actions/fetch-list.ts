import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "fetch-list",
  label: "Fetch from the LMS…",
  menu: "File",
  ready: () => true,
  run: () => frame.open({ kind: "fetch", snapshot: false }),
};
