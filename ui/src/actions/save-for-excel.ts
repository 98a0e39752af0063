import { saveForExcel } from "../state/saving";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "save-for-excel",
  label: "Save a copy to open in Excel…",
  menu: "File",
  ready: () => roster.job !== null,
  run: () => saveForExcel(),
};
