import { help } from "../state/helping";
import type { Action } from "./action";

export const action: Action = {
  id: "help",
  label: "Help with what is shown",
  menu: "Help",
  key: "F1",
  ready: () => true,
  run: () => help(),
};
