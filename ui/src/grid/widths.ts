import type { GridColumn, GridRow } from "./cell";

// How wide columns are: as the person left them, else as their first values ask for.

const KEPT = "muster.widths";
const LEAST = 72;
const MOST = 280;
/** Room for one letter of the cell's face, and for the sign and the padding. */
const LETTER = 6.7;
const ROOM = 34;
/** Room for the lock and its gap. */
const LOCK = 18;

type Widths = Record<string, number>;

function kept(): Widths {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Widths;
  } catch {
    return {};
  }
}

export function remember(name: string, width: number): void {
  localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [name]: Math.round(width) }));
}

export function remembered(name: string): number | null {
  return kept()[name] ?? null;
}

/** The width that shows the header and nearly all of these values. */
export function fitting(
  { name, column, locked }: Pick<GridColumn, "name" | "column" | "locked">,
  rows: readonly GridRow[],
): number {
  const beside = (row: GridRow) => row.names.get(column)?.length ?? 0;
  const lengths = rows.map((row) => (row.cells[column]?.length ?? 0) + beside(row)).sort((a, b) => a - b);
  const most = lengths[Math.floor(lengths.length * 0.95)] ?? 0;
  const header = name.length * 7.6 + 52 + (locked ? LOCK : 0);
  return Math.round(Math.min(MOST, Math.max(LEAST, header, most * LETTER + ROOM)));
}
