import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "reopen-as",
  label: "Reopen as…",
  menu: "File",
  apart: true,
  ready: () => roster.job !== null,
  run: () => frame.open({ kind: "reopen" }),
};
