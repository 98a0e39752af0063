import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "run-recipe",
  label: "Run a recipe…",
  menu: "Data",
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "recipes" }),
};
