import { comparison } from "../state/comparison.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "compare-snapshot",
  label: "With the last snapshot",
  menu: "Compare",
  ready: () => Boolean(roster.job?.snapshot),
  run: () => comparison.with({ kind: "last" }),
};
