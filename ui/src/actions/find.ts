import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "find",
  label: "Find",
  menu: "Edit",
  apart: true,
  key: "Ctrl+F",
  ready: () => roster.job !== null,
  run: () => {
    frame.go("edit");
    requestAnimationFrame(() => {
      const box = document.querySelector<HTMLInputElement>("#search");
      box?.focus();
      box?.select();
    });
  },
};
