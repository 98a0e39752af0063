import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "open-sample",
  label: "Open the sample list",
  menu: "File",
  ready: () => true,
  run: async () => void (await roster.openSample()),
};
