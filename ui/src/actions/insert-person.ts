import { frame } from "../state/frame.svelte";
import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "insert-person",
  label: "Insert person",
  menu: "Edit",
  apart: true,
  key: "Ctrl+I",
  ready: () => roster.job !== null && frame.place === "edit",
  run: () => roster.insertPerson(roster.cursor?.row ?? null),
};
