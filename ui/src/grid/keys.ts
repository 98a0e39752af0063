/** What a key asks of the grid, beyond the moves that the library knows. */
export type Wish = "down" | "up" | "edit" | "leave" | "menu" | { type: string } | "too-much";

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Rows that a selection may span: the library marks each of them by itself. */
export const MOST_SELECTED = 20_000;

export function wish(event: Pressed, editing: boolean, total: number): Wish | null {
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && !control && !event.altKey) return event.shiftKey ? "up" : "down";
  if (editing || event.altKey) return null;
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) return "menu";
  if (control) return total > MOST_SELECTED && spansAll(event) ? "too-much" : null;
  if (event.key === "F2") return "edit";
  if (event.key === "Escape") return "leave";
  if (event.key === "Backspace") return { type: "" };
  return [...event.key].length === 1 ? { type: event.key } : null;
}

function spansAll(event: Pressed): boolean {
  if (event.key.toLowerCase() === "a") return !event.shiftKey;
  return event.shiftKey && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key);
}
