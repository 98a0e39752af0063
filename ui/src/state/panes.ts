import { roster } from "./roster.svelte";

/** Walks through the parts of the window that are marked with `data-pane`, in the order they stand. */
export function nextPane(backwards: boolean): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter((pane) => pane.offsetParent !== null);
  if (panes.length === 0) return;
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const step = backwards ? -1 : 1;
  const next = panes[(here + step + panes.length) % panes.length] ?? panes[0];
  if (next) enter(next);
}

function enter(pane: HTMLElement): void {
  if (pane.dataset.pane === "grid" && roster.gridHandle) return roster.gridHandle.focus();
  const first = pane.querySelector<HTMLElement>(
    '[tabindex="0"], button:not([tabindex="-1"]):not(:disabled), input, select, textarea, a[href]',
  );
  (first ?? pane).focus();
}
