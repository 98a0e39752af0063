import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "match-columns",
  label: "What the columns are…",
  menu: "Data",
  apart: true,
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "columns" }),
};
