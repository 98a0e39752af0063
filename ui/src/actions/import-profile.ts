import { importProfile } from "../state/profiles.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "import-profile",
  label: "Import a profile…",
  menu: "File",
  ready: () => true,
  run: importProfile,
};
