import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "account",
  label: "Account…",
  menu: "File",
  words: ["protect", "protected people", "by hand"],
  ready: () => true,
  run: () => frame.open({ kind: "account" }),
};
