// What is done to a block of cells at once: emptied, copied, pasted over.
import { isLocked, type GridColumn, type GridRow } from "./cell";
import { quoted } from "./clipboard";

export interface CellEdit {
  row: number;
  column: number;
  value: string;
}

export interface Block {
  rows: GridRow[];
  columns: GridColumn[];
}

/** The edits that empty a block. Locked columns keep what they hold. */
export function emptied({ rows, columns }: Block): CellEdit[] {
  return rows.flatMap((row) =>
    columns
      .filter((column) => !isLocked(column, row) && (row.cells[column.column] ?? "") !== "")
      .map((column) => ({ row: row.id, column: column.column, value: "" })),
  );
}

/** A block as it pastes into a spreadsheet. A hidden value is never handed out. */
export function copied({ rows, columns }: Block): string {
  const value = (row: GridRow, column: GridColumn) => (column.secret ? "" : quoted(row.cells[column.column] ?? ""));
  return rows.map((row) => columns.map((column) => value(row, column)).join("\t")).join("\n");
}

/** How many cells high and wide a pasted text is; one value alone fills whatever is selected. */
export function extent(lines: string[][], selected: { height: number; width: number }) {
  if (isSingle(lines)) return selected;
  return { height: lines.length, width: Math.max(...lines.map((line) => line.length)) };
}

/** The edits that put a pasted text over a block. Locked columns keep what they hold. */
export function pasted({ rows, columns }: Block, lines: string[][]): CellEdit[] {
  const single = isSingle(lines);
  return rows.flatMap((row, y) =>
    columns.flatMap((column, x) => {
      const value = single ? lines[0]?.[0] : lines[y]?.[x];
      const same = value === undefined || value === row.cells[column.column];
      return same || isLocked(column, row) ? [] : [{ row: row.id, column: column.column, value }];
    }),
  );
}

/** The edits that give the first row's values to all below it. Locked columns keep what they hold. */
export function filledDown({ rows, columns }: Block): CellEdit[] {
  const [first, ...others] = rows;
  if (!first) return [];
  return others.flatMap((row) =>
    columns
      .filter((column) => !isLocked(column, row) && !column.secret)
      .filter(({ column }) => row.cells[column] !== first.cells[column])
      .map(({ column }) => ({ row: row.id, column, value: first.cells[column] ?? "" })),
  );
}

function isSingle(lines: string[][]): boolean {
  return lines.length === 1 && lines[0]?.length === 1;
}
