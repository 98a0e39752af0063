type Menu = "File" | "Edit" | "View" | "Data" | "Compare" | "Send" | "Help";

/** Something the person can do. Menu, keys and the list of all commands read it from here. */
export interface Action {
  id: string;
  label: string;
  menu: Menu;
  /** A line is drawn above it in the menu. */
  apart?: boolean;
  /** `Ctrl+Shift+P`; Ctrl is Cmd on a Mac. */
  key?: string;
  /** Further keys that do the same. */
  also?: string[];
  /** What it is looked for by, beside its label. */
  words?: string[];
  /** Whether it can be done just now. */
  ready: () => boolean;
  run: () => void | Promise<void>;
}
