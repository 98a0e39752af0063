import { runs } from "./invisible";
import { HIDDEN } from "./secret";

type Grade = "error" | "warning" | "note";

/** A row as the grid draws it. */
export interface GridRow {
  id: number;
  /** The number shown before it; blank for a row that is not in the file yet. */
  label: string;
  cells: string[];
  /** The gravest problem per column. */
  marks: ReadonlyMap<number, Grade>;
  /** A problem of the row as a whole. */
  rowMark: Grade | null;
  changed: ReadonlySet<number>;
  fresh: boolean;
  /** What codes stand for, per column: "Canada" beside `CA`. */
  names: ReadonlyMap<number, string>;
}

/** Whether two rows are drawn alike. */
export function sameRow(one: GridRow, other: GridRow): boolean {
  return (
    one.id === other.id &&
    one.label === other.label &&
    one.rowMark === other.rowMark &&
    one.fresh === other.fresh &&
    alike(one.cells, other.cells) &&
    alike([...one.marks].flat(), [...other.marks].flat()) &&
    alike([...one.changed], [...other.changed]) &&
    alike([...one.names].flat(), [...other.names].flat())
  );
}

function alike(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

export interface GridColumn {
  /** The place of its cell in a row. */
  column: number;
  name: string;
  /** Said in full by a tooltip. */
  title: string;
  frozen: boolean;
  locked: boolean;
  /** Somebody new may be given a value all the same. */
  openForNew: boolean;
  secret: boolean;
  separator: string | null;
  choices: string[];
  /** How many problems it has, and how grave the gravest is. */
  problems: number;
  grade: Grade | null;
  sorted: "up" | "down" | null;
}

/** Whether a cell may not be edited. */
export function isLocked(column: GridColumn, row: GridRow): boolean {
  return column.locked && !(column.openForNew && row.fresh);
}

/** Whether the heads of two columns are drawn alike. */
export function sameHead(one: GridColumn, other: GridColumn | undefined): boolean {
  return (
    one.name === other?.name &&
    one.title === other.title &&
    one.locked === other.locked &&
    one.problems === other.problems &&
    one.grade === other.grade &&
    one.sorted === other.sorted
  );
}

/** Whether the cells of two columns are drawn alike. */
export function sameCells(one: GridColumn, other: GridColumn): boolean {
  return one.locked === other.locked && one.secret === other.secret && one.separator === other.separator;
}

const SIGNS: Record<Grade, string> = { error: "!", warning: "?", note: "i" };

/** What stands in a cell. Values are only ever put in as text. */
export function draw(row: GridRow, column: GridColumn): { html: HTMLElement; addClasses: string } {
  const value = row.cells[column.column] ?? "";
  const grade = row.marks.get(column.column);
  const changed = row.changed.has(column.column);
  const html = span(column.separator ? "chips" : "text");
  if (column.secret) html.append(value === "" ? "" : HIDDEN);
  else if (column.separator) html.append(...chips(value, column.separator));
  else write(html, value);
  const name = row.names.get(column.column);
  // Most cells hold a value and nothing else: an element less for each of them is felt in each frame.
  if (name === undefined && !grade && !changed) return { html, addClasses: "" };
  const all = span("inner");
  all.append(html);
  if (name !== undefined) {
    const beside = span("beside");
    beside.textContent = name;
    beside.title = name;
    all.append(beside);
  }
  if (grade) all.append(sign(grade));
  if (changed) all.append(unseen(row.fresh ? ", new" : ", changed"));
  const classes = [grade ? `marked ${grade}` : "", changed ? "changed" : ""].filter(Boolean).join(" ");
  return { html: all, addClasses: classes };
}

/** The row's number, with the sign of what concerns the whole row. */
export function drawNumber(row: GridRow): { html: HTMLElement; addClasses: string } {
  const all = span(row.fresh || row.rowMark ? "inner" : "label");
  if (row.fresh) {
    const plus = span("plus");
    plus.textContent = "+";
    plus.ariaHidden = "true";
    all.append(plus, unseen("new"));
  }
  all.append(row.label);
  if (row.rowMark) all.append(sign(row.rowMark));
  return { html: all, addClasses: row.rowMark ? `marked ${row.rowMark}` : "" };
}

/** The several values of one cell, without the blank after each separator. */
export function parts(value: string, separator: string): string[] {
  const mark = separator.trim() || separator;
  const all = value.split(mark).map((part) => (part.startsWith(" ") ? part.slice(1) : part));
  while (all.length > 0 && all[all.length - 1] === "") all.pop();
  return all;
}

function chips(value: string, separator: string): HTMLElement[] {
  return parts(value, separator).map((part) => {
    const chip = span("chip");
    write(chip, part);
    return chip;
  });
}

function write(into: HTMLElement, value: string): void {
  for (const run of runs(value)) {
    if (run.name === null) {
      into.append(run.text);
      continue;
    }
    const drawn = span("drawn");
    drawn.textContent = run.text;
    drawn.title = run.name;
    into.append(drawn);
  }
}

function sign(grade: Grade): HTMLElement {
  const shown = span("sign");
  shown.textContent = SIGNS[grade];
  shown.ariaHidden = "true";
  const both = span("signs");
  both.append(shown, unseen(`, problem: ${grade}`));
  return both;
}

function unseen(text: string): HTMLElement {
  const hidden = span("unseen");
  hidden.textContent = text;
  return hidden;
}

function span(name: string): HTMLElement {
  const element = document.createElement("span");
  element.className = name;
  return element;
}
