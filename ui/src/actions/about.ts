import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "about",
  label: "About Muster",
  menu: "Help",
  apart: true,
  ready: () => true,
  run: () => frame.open({ kind: "about" }),
};
