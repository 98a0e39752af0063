// The columns as the library wants them: a number first, then the roster's own.
import type { Column, Editor, EditorArguments, SlickGrid } from "slickgrid";
import { draw, drawNumber, type GridColumn, type GridRow } from "./cell";
import { CellEditor, type Opening } from "./editor";
import { headerOf, numberHead } from "./header";
import { fitting, remembered } from "./widths";

/** How many columns stand before the roster's first. */
export const NUMBERS = 1;
/** Room for the line of the millionth person. */
const NUMBER_WIDTH = 72;
/** A frozen column takes room from all others. */
const MOST_FROZEN = 230;
/** The part of the grid that frozen columns may take. */
const FROZEN_PART = 0.62;

export function slickColumns(
  columns: readonly GridColumn[],
  opening: Opening,
  current: (column: number) => GridColumn | undefined,
): Column[] {
  const number: Column = {
    id: "#",
    field: "#",
    name: numberHead("Line in the file"),
    width: NUMBER_WIDTH,
    resizable: false,
    focusable: false,
    selectable: false,
    cssClass: "number",
    headerCssClass: "number",
    formatter: (_row, _cell, _value, _column, item: GridRow) => drawNumber(item),
  };
  return [number, ...columns.map((column) => slickColumn(column, opening, current))];
}

function slickColumn(
  column: GridColumn,
  opening: Opening,
  current: (column: number) => GridColumn | undefined,
): Column {
  const now = () => current(column.column) ?? column;
  class Here extends CellEditor {
    constructor(args: EditorArguments) {
      super(args, now(), opening);
    }
  }
  return {
    id: idOf(column),
    field: idOf(column),
    name: headerOf(column),
    toolTip: column.title,
    width: remembered(column.name) ?? fitting(column, []),
    minWidth: 48,
    editor: Here as unknown as Editor,
    cssClass: column.locked ? "locked" : "",
    formatter: (_row, _cell, _value, _column, item: GridRow) => draw(item, now()),
  };
}

export function idOf(column: GridColumn): string {
  return String(column.column);
}

/** Gives each column whose width nobody has chosen the one its values ask for. */
export function fit(made: Column[], columns: readonly GridColumn[], rows: readonly GridRow[]): void {
  for (const column of columns) {
    const own = made.find((other) => other.id === idOf(column));
    if (!own || remembered(column.name) !== null) continue;
    const width = fitting(column, rows);
    own.width = column.frozen ? Math.min(width, MOST_FROZEN) : width;
  }
}

/** The index of the last frozen column: the number, and the frozen ones as far as they leave room for others. */
export function lastFrozen(made: readonly Column[], columns: readonly GridColumn[], room: number): number {
  let taken = NUMBER_WIDTH;
  let last = NUMBERS - 1;
  for (const column of columns) {
    taken += made.find((other) => other.id === idOf(column))?.width ?? 0;
    if (!column.frozen || taken > room * FROZEN_PART) break;
    last += 1;
  }
  return last;
}

/** The columns that can be seen, and where: from the grid's left edge, as far as it is scrolled now. */
export function inSight(grid: SlickGrid<GridRow, Column>, columns: readonly GridColumn[], view: HTMLElement | null) {
  const lastFrozen = Number(grid.getOptions().frozenColumn ?? -1);
  const [scrolled, room] = [view?.scrollLeft ?? 0, view?.clientWidth ?? 0];
  const all = [];
  let [left, edge] = [0, 0];
  for (const [at, made] of grid.getColumns().entries()) {
    const width = made.width ?? 0;
    const frozen = at <= lastFrozen;
    if (frozen) edge += width;
    const from = frozen ? left : left - scrolled;
    left += width;
    if (!frozen && (from + width <= edge || from >= edge + room)) continue;
    all.push({ cell: at, column: columns[at - NUMBERS] ?? null, left: from, width, frozen });
  }
  return all;
}
