import { frame } from "../state/frame.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "connections",
  label: "Connections…",
  menu: "Send",
  apart: true,
  ready: () => true,
  run: () => frame.open({ kind: "connections", edit: null }),
};
