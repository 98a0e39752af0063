import { outbox } from "../state/outbox.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "outbox",
  label: "Outbox",
  menu: "Send",
  apart: true,
  ready: () => true,
  run: () => outbox.show(null),
};
