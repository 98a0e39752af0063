// How wide the side pane is, as somebody left it.

const KEPT = "muster.pane";

export const LEAST = 280;
export const MOST = 720;

export function keptWidth(): number {
  return Number(localStorage.getItem(KEPT)) || (window.innerWidth < 1200 ? 320 : 392);
}

/** The width that is given for one that is wanted; it is kept. */
export function keepWidth(wanted: number): number {
  const width = Math.max(LEAST, Math.min(MOST, window.innerWidth * 0.6, wanted));
  localStorage.setItem(KEPT, String(Math.round(width)));
  return width;
}
