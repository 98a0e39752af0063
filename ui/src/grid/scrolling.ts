// What scrolls with what: the cells with the wheel, the frozen ones with the others, and they with their header.
import type { Column, SlickEventData, SlickEventHandler, SlickGrid } from "slickgrid";
import type { GridRow } from "./cell";

const LINE = 28;

/** What the browser asks to move by, in pixels. */
export function moved(
  event: Pick<WheelEvent, "deltaX" | "deltaY" | "deltaMode" | "shiftKey">,
  height: number,
): { x: number; y: number } {
  const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? height : 1;
  const x = event.deltaX * unit;
  const y = event.deltaY * unit;
  // Not every system turns the wheel sideways by itself while Shift is held.
  return event.shiftKey && x === 0 ? { x: y, y: 0 } : { x, y };
}

/** Makes a grid scroll as everything else does; the library's own wheel goes a row at a time. */
export function scroll(grid: SlickGrid<GridRow, Column>, handler: SlickEventHandler, host: HTMLElement): void {
  const side = () => (Number(grid.getOptions().frozenColumn ?? -1) >= 0 ? "right" : "left");
  const cells = () => host.querySelector<HTMLElement>(`.slick-viewport-top.slick-viewport-${side()}`);

  for (const viewport of host.querySelectorAll<HTMLElement>(".slick-viewport")) {
    viewport.addEventListener(
      "wheel",
      (event) => {
        const all = cells();
        if (!all || event.ctrlKey) return;
        // Both halves move in one step, or they would be apart for a moment.
        event.preventDefault();
        const by = moved(event, all.clientHeight);
        all.scrollTop += by.y;
        all.scrollLeft += by.x;
      },
      { passive: false },
    );
  }

  let last = 0;
  handler.subscribe(grid.onScroll, (_event: SlickEventData, args: { scrollLeft: number }) => {
    last = args.scrollLeft;
  });
  for (const header of host.querySelectorAll<HTMLElement>(".slick-header")) {
    header.addEventListener("scroll", () => {
      const all = cells();
      // A header is scrolled by others too: whatever brings one of its columns into view.
      if (!all || !header.classList.contains(`slick-header-${side()}`) || Math.abs(header.scrollLeft - last) <= 1)
        return;
      all.scrollLeft = header.scrollLeft;
      header.scrollLeft = all.scrollLeft;
    });
  }
}
