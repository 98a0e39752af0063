import { nextPane } from "../state/panes";
import type { Action } from "./action";

export const action: Action = {
  id: "next-pane",
  label: "Next pane",
  menu: "View",
  apart: true,
  key: "F6",
  ready: () => true,
  run: () => nextPane(false),
};
