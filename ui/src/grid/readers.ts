// What a screen reader needs to know where it is, which the library leaves out.
import { NUMBERS } from "./columns";

/** Names the grid and makes the active cell its one stop for Tab; returns what has to go when the grid goes. */
export function prepare(host: HTMLElement, columns: number, entered: () => void): HTMLElement[] {
  host.setAttribute("aria-label", "People");
  host.setAttribute("aria-colcount", String(columns + NUMBERS));
  host.setAttribute("aria-multiselectable", "true");
  // Where the library catches the keys. A grid may hold only rows, so they stand before and behind it.
  const sinks = [...host.querySelectorAll<HTMLElement>(":scope > div[tabindex='0']:not(.slick-pane)")];
  for (const [at, sink] of sinks.entries()) {
    sink.tabIndex = -1;
    if (at === 0) host.before(sink);
    else host.after(sink);
    sink.addEventListener("focus", entered);
  }
  for (const layer of host.querySelectorAll("[tabindex]:not(.slick-cell)")) layer.removeAttribute("tabindex");
  return sinks;
}

/** Tells which row and column each drawn cell is, and which cell Tab comes to. */
export function place(host: HTMLElement, active: HTMLElement | null): void {
  for (const row of host.querySelectorAll<HTMLElement>(".slick-row:not([aria-rowindex])")) {
    // Counted from 1, and the header is the first.
    row.setAttribute("aria-rowindex", String(Number(row.dataset.row) + 2));
  }
  for (const cell of host.querySelectorAll<HTMLElement>(".slick-cell:not([aria-colindex])")) {
    const at = /\bl(\d+)\b/.exec(cell.className)?.[1];
    if (at !== undefined) cell.setAttribute("aria-colindex", String(Number(at) + 1));
  }
  for (const cell of host.querySelectorAll<HTMLElement>('.slick-cell[tabindex="0"]')) cell.tabIndex = -1;
  if (active) active.tabIndex = 0;
}
