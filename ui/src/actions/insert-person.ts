import { roster } from "../state/roster.svelte";
import type { Action } from "./action";

export const action: Action = {
  id: "insert-person",
  label: "Insert person",
  menu: "Edit",
  apart: true,
  also: ["Ctrl+="],
  key: "Ctrl++",
  ready: () => roster.job !== null,
  run: () => roster.insertPerson(roster.cursor?.row ?? null),
};
