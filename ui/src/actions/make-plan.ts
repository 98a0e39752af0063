import { planning } from "../state/planning.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "make-plan",
  label: "Plan",
  menu: "Send",
  ready: () => roster.job !== null,
  run: () => planning.show(),
};
