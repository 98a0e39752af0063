import { zoom } from "../look/zoom";
import type { Action } from "./action";

export const action: Action = {
  id: "zoom-out",
  label: "Smaller",
  menu: "View",
  key: "Ctrl+-",
  ready: () => true,
  run: () => zoom.smaller(),
};
