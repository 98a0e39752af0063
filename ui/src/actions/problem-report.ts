import { saveReport } from "../state/saving";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "problem-report",
  label: "Save a problem report…",
  menu: "File",
  ready: () => roster.job !== null,
  run: () => saveReport(),
};
