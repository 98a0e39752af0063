import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "unlock-key",
  label: "Unlock the key…",
  menu: "Edit",
  apart: true,
  ready: () => roster.job !== null,
  run: () => {
    if (roster.job?.key_unlocked) void roster.unlockKey(false);
    else frame.open({ kind: "unlock" });
  },
};
