import { zoom } from "../look/zoom";
import type { Action } from "./action";

export const action: Action = {
  id: "zoom-in",
  label: "Larger",
  menu: "View",
  apart: true,
  also: ["Ctrl+="],
  key: "Ctrl++",
  ready: () => true,
  run: () => zoom.larger(),
};
