/** What the menu of a cell offers, in its order; a gap draws a line. */
export const CELL_MENU: readonly (readonly string[])[] = [
  ["cut", "copy", "paste", "clear"],
  ["fill-down", "revert-cell", "fix-cell", "explain-cell"],
  ["insert-person", "duplicate-person", "delete-person"],
];
