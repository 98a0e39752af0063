import { comparison } from "../state/comparison.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "compare-file",
  label: "With a file…",
  menu: "Compare",
  ready: () => roster.job !== null,
  run: () => comparison.withFile(),
};
