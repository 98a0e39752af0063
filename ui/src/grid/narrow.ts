import { SlickGrid, type Column } from "slickgrid";
import type { GridRow } from "./cell";

/** Pixels beside those in sight in which columns are drawn: more than a wheel goes at a time. */
const BESIDE = 200;
/** Rows drawn ahead of those in sight. */
const AHEAD = 8;

/**
 * The library's grid, with less around what is in sight. It draws as much again to the left, to the right and ahead, and a
 * page of rows then takes longer than a held key leaves it.
 */
export class NarrowGrid extends SlickGrid<GridRow, Column> {
  override getRenderedRange(top?: number, left?: number) {
    const range = super.getRenderedRange(top, left);
    const sight = this.getVisibleRange(top, left);
    range.top = Math.max(range.top, sight.top - AHEAD);
    range.bottom = Math.min(range.bottom, sight.bottom + AHEAD);
    range.leftPx = Math.max(range.leftPx, sight.leftPx - BESIDE);
    range.rightPx = Math.min(range.rightPx, sight.rightPx - this.frozenWidth() + BESIDE);
    return range;
  }

  /** The columns behind the frozen ones are counted from where those end. */
  private frozenWidth(): number {
    const last = this.getOptions().frozenColumn ?? -1;
    return this.getColumns()
      .slice(0, last + 1)
      .reduce((all, column) => all + (column.width ?? 0), 0);
  }
}
