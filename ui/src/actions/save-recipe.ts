import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "save-recipe",
  label: "Save the steps as a recipe…",
  menu: "Data",
  apart: true,
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "save-recipe" }),
};
