import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "toggle-pane",
  label: "Show or hide the side pane",
  menu: "View",
  key: "Ctrl+B",
  ready: () => frame.place === "edit",
  run: () => {
    frame.paneOpen = !frame.paneOpen;
  },
};
