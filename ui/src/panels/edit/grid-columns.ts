// The columns of a list as the grid shows them, and its rows: the same for a list that is open and for one that is being
// opened, so that nothing moves when the one takes the place of the other.
import type { ColumnCard, ColumnSoFar, Row, Sort } from "../../bindings/engine";
import type { GridColumn, GridRow } from "../../grid/grid";

const NAMES = /^(first|last|full|given|family|display)?[ _]?name$|^sur[ _]?name$/i;

function isName(column: ColumnSoFar): boolean {
  return NAMES.test(column.field ?? "") || NAMES.test(column.name.trim());
}

/** Key and name first and frozen, then the file's own order. */
export function gridColumns(columns: ColumnCard[], sort: Sort | null): GridColumn[] {
  return inOrder(columns).map(({ column, frozen }) => ({
    ...seen(column, frozen),
    title: title(column, column.locked),
    locked: column.locked !== null,
    openForNew: column.open_for_new,
    choices: column.choices,
    problems: column.errors + column.warnings + column.notes,
    grade: column.errors > 0 ? "error" : column.warnings > 0 ? "warning" : column.notes > 0 ? "note" : null,
    sorted: sort?.column === column.column ? (sort.descending ? "down" : "up") : null,
  }));
}

/** The same of a list that is being opened. */
export function columnsSoFar(columns: ColumnSoFar[]): GridColumn[] {
  return inOrder(columns).map(({ column, frozen }) => ({
    ...seen(column, frozen),
    title: title(column, null),
    locked: false,
    openForNew: false,
    choices: [],
    problems: 0,
    grade: null,
    sorted: null,
  }));
}

export function gridRow(row: Row): GridRow {
  const marks = new Map(row.marks.flatMap((mark) => (mark.column === null ? [] : [[mark.column, mark.severity]])));
  return {
    id: row.id,
    label: row.line === null ? "" : String(row.line),
    cells: row.cells,
    marks,
    rowMark: row.marks.find((mark) => mark.column === null)?.severity ?? null,
    changed: new Set(row.changed),
    fresh: row.new,
    names: new Map(row.places.map((place) => [place.column, place.name])),
  };
}

function inOrder<C extends ColumnSoFar>(columns: C[]): { column: C; frozen: boolean }[] {
  const rank = (column: ColumnSoFar) => (column.is_key ? 0 : isName(column) ? 1 : 2);
  return columns
    .toSorted((a, b) => rank(a) - rank(b) || a.column - b.column)
    .map((column) => ({ column, frozen: rank(column) < 2 }));
}

function seen({ column, name, secret, separator }: ColumnSoFar, frozen: boolean) {
  return { column, name, frozen, secret, separator };
}

function title(column: ColumnSoFar, locked: string | null): string {
  const said = [
    column.title !== column.name ? column.title : "",
    column.is_key ? "Identifies the person." : "",
    locked ?? "",
  ];
  return said.filter(Boolean).join(" — ");
}
