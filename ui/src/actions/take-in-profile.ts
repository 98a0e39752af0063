import { takeIn } from "../state/profiles.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "take-in-profile",
  label: "Take in a profile…",
  menu: "File",
  ready: () => true,
  run: takeIn,
};
