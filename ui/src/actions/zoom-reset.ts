import { zoom } from "../look/zoom";
import type { Action } from "./action";

export const action: Action = {
  id: "zoom-reset",
  label: "Normal size",
  menu: "View",
  key: "Ctrl+0",
  ready: () => true,
  run: () => zoom.normal(),
};
