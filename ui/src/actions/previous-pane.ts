import { nextPane } from "../state/panes";
import type { Action } from "./action";

export const action: Action = {
  id: "previous-pane",
  label: "Previous pane",
  menu: "View",
  key: "Shift+F6",
  ready: () => true,
  run: () => nextPane(true),
};
