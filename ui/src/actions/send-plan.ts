import { frame } from "../state/frame.svelte";
import { planning } from "../state/planning.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "send-plan",
  label: "Send…",
  menu: "Send",
  ready: () => planning.maySend,
  run: () => frame.open({ kind: "send" }),
};
