// The table of cells on screen. It knows cells, not rosters: it asks for windows of rows and says what was done to them.
import {
  SlickCellSelectionModel,
  SlickEventHandler,
  SlickRange,
  type Column,
  type EditCommand,
  type SlickEventData,
} from "slickgrid";
import { copied, emptied, extent, filledDown, pasted, type Block, type CellEdit } from "./blocks";
import { isLocked, sameCells, sameHead, sameRow, type GridColumn, type GridRow } from "./cell";
import { cut } from "./clipboard";
import { fit, idOf, inSight, lastFrozen, NUMBERS, slickColumns } from "./columns";
import type { Opening } from "./editor";
import { headerOf } from "./header";
import { MOST_SELECTED, wish } from "./keys";
import { NarrowGrid } from "./narrow";
import { Pages, type Window } from "./pages";
import { Passing } from "./passing";
import * as readers from "./readers";
import { scroll } from "./scrolling";
import { fitting, remember, remembered } from "./widths";
import "./grid.css";

export type { GridColumn, GridRow };

export interface GridEvents {
  /** Rows that are about to be drawn; null if they cannot be had. */
  rows(first: number, count: number): Promise<Window<GridRow> | null>;
  /** How many rows there are. */
  counted(total: number): void;
  moved(at: { row: number; column: number } | null): void;
  /** Writes cells; false if that was refused. */
  edit(edits: CellEdit[]): Promise<boolean>;
  /** Somebody tried to edit a cell that is locked; `typed` is what they began to type, none where they did not. */
  locked(column: number, typed: string | null): void;
  header(column: number): void;
  /** The menu of the selected cells is wanted, at a place of the window. */
  menu(at: { x: number; y: number }): void;
  /** The person wants out of the grid. */
  leave(): void;
  tell(text: string): void;
}

/** Where somebody stands in a grid: the topmost row, and the selection with the cell that has the cursor. */
export interface Standing {
  top: number;
  row: number;
  column: number;
  selected: { fromRow: number; toRow: number; from: number; to: number } | null;
}

interface Options {
  /** Its cells can be read and copied, and not edited. */
  isProvisional?: boolean;
  /** Where to begin, as somebody stood in the grid before this one. */
  begins?: Standing | null;
  /** Rows that are there already, a page of them: it is drawn once, with them. */
  has?: Window<GridRow> | null;
}

export class CellGrid {
  private readonly grid: NarrowGrid;
  private readonly pages: Pages<GridRow>;
  private readonly passing: Passing;
  private readonly handler = new SlickEventHandler();
  private readonly resized: ResizeObserver;
  private readonly sinks: HTMLElement[];
  private readonly opening: Opening = { typed: null };
  private columns: GridColumn[];
  private fitted = false;
  /** A button is down: what is made anew under it before it comes up was never clicked. */
  private isDown = false;
  /** On which row it went down. */
  private pressedRow: number | undefined;
  /** All of it is to be drawn anew once it comes up. */
  private isStale = false;
  /** The size of its place for which it was drawn. */
  private drawnSize: string;
  private begun = false;
  private gone = false;
  /** The keys were in the grid before its rows were exchanged, and belong there again. */
  private focusing = false;
  /** Rows that were being edited or pressed when they should have been drawn anew. */
  private due: number[] = [];
  /** Where the cursor goes once that row is there. */
  private pending: { index: number; cell: number } | null = null;
  /** Where it begins, until its first rows are there. */
  private begins: Standing | null;
  private readonly isProvisional: boolean;

  constructor(
    private readonly host: HTMLElement,
    columns: GridColumn[],
    private readonly events: GridEvents,
    { isProvisional = false, begins = null, has = null }: Options = {},
  ) {
    this.columns = columns;
    this.isProvisional = isProvisional;
    this.begins = begins;
    this.pages = new Pages(
      (first, count) => events.rows(first, count),
      (others, totalChanged) => this.arrived(others, totalChanged),
      sameRow,
    );
    const made = this.made();
    if (has) {
      this.pages.put(has);
      fit(made, columns, has.rows.slice(0, 100));
      this.fitted = true;
    }
    const data = {
      getLength: () => this.pages.total,
      getItem: (index: number) => this.pages.at(index),
      getItemMetadata: (index: number) => (this.pages.at(index)?.fresh ? { cssClasses: "fresh" } : null),
    };
    this.grid = new NarrowGrid(host, data as never, made, {
      rowHeight: 28,
      editable: true,
      autoEdit: false,
      enableCellNavigation: true,
      enableColumnReorder: false,
      enableTextSelectionOnCells: false,
      enableMouseWheelScrollHandler: false,
      frozenColumn: lastFrozen(made, columns, host.clientWidth),
      selectedCellCssClass: "chosen",
      nonce: document.querySelector<HTMLElement>("style#nonce")?.nonce ?? "",
      invalidColumnFreezeWidthCallback: () => undefined,
      invalidColumnFreezePickerCallback: () => undefined,
      editCommandHandler: (item: GridRow, column: Column, command: EditCommand) => this.commit(item, column, command),
    } as never);
    this.passing = this.passed();
    this.sinks = readers.prepare(host, columns.length, () => this.focus());
    this.listen();
    scroll(this.grid, this.handler, host);
    this.grid.setSelectionModel(new SlickCellSelectionModel());
    this.drawnSize = `${host.clientWidth} ${host.clientHeight}`;
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(host);
    const top = this.begins?.top ?? 0;
    if (has) this.arrived([], true);
    this.pages.want(top, top + 60);
  }

  /** What is being typed is written first: whoever goes elsewhere meant it. */
  destroy(): void {
    this.finish();
    this.gone = true;
    this.passing.end();
    this.resized.disconnect();
    this.handler.unsubscribeAll();
    this.grid.destroy();
    for (const sink of this.sinks) sink.remove();
  }

  /** Cells may have changed. */
  refresh(): void {
    this.pages.refresh();
  }

  /** Other rows, or another order. */
  restart(): void {
    this.focusing = this.pending !== null || this.host.contains(document.activeElement);
    this.pending = null;
    this.passing.end();
    this.begun = false;
    this.grid.getEditorLock().cancelCurrentEdit();
    this.grid.resetActiveCell();
    this.grid.getSelectionModel()?.setSelectedRanges([], "grid", "");
    this.pages.restart();
    this.grid.scrollRowToTop(0);
  }

  setColumns(columns: GridColumn[]): void {
    this.keepEdit(() => this.exchange(columns));
  }

  private exchange(columns: GridColumn[]): void {
    const before = this.columns;
    this.columns = columns;
    if (columns.map(idOf).join() === before.map(idOf).join()) {
      columns.forEach((column, at) => {
        if (!sameHead(column, before[at])) this.header(column);
      });
      if (columns.every((column, at) => sameCells(column, before[at] ?? column))) return;
      if (this.isDown) this.isStale = true;
      else this.grid.invalidate();
      return;
    }
    const widths = new Map(this.grid.getColumns().map((column) => [column.id, column.width]));
    const made = this.made();
    for (const column of made) column.width = widths.get(column.id) ?? column.width ?? 0;
    this.grid.setColumns(made);
    this.freeze();
  }

  focus(): void {
    if (this.grid.getActiveCell()) return this.focusActive();
    this.focusing = true;
    if (this.pages.at(0)) this.begin();
  }

  /** Puts the cursor on a cell; without a column on the one it is in. */
  goTo(index: number, column: number | null): void {
    const at = this.columns.findIndex((other) => other.column === column);
    this.place(index, at < 0 ? (this.grid.getActiveCell()?.cell ?? NUMBERS) : at + NUMBERS);
  }

  /** Where somebody stands in it; null where nowhere. */
  standing(): Standing | null {
    const range = this.range();
    const at = this.grid.getActiveCell();
    if (!range || !at) return null;
    const column = (cell: number) => this.columns[cell - NUMBERS]?.column ?? 0;
    const { fromRow, toRow } = range;
    const isOne = fromRow === toRow && range.fromCell === range.toCell;
    return {
      top: this.grid.getViewport().top,
      row: at.row,
      column: column(at.cell),
      selected: isOne ? null : { fromRow, toRow, from: column(range.fromCell), to: column(range.toCell) },
    };
  }

  /** Opens the cell under the cursor, with what it holds or with what was typed. */
  edit(typed: string | null = null): void {
    const at = this.active();
    if (!at) return;
    if (this.isClosed(at)) return this.events.locked(at.column.column, typed);
    this.opening.typed = typed;
    this.grid.editActiveCell(undefined);
    this.opening.typed = null;
  }

  /** Writes what is being typed. */
  finish(): void {
    this.grid.getEditorLock().commitCurrentEdit();
  }

  /** Empties the selected cells. */
  async clear(): Promise<void> {
    const block = await this.block();
    if (!block) return;
    const edits = emptied(block);
    const locked = block.columns.find((column) => column.locked);
    if (edits.length > 0) await this.events.edit(edits);
    else if (locked) this.events.locked(locked.column, null);
  }

  /** The selected cells as text; null if none is. */
  async copied(): Promise<string | null> {
    const block = await this.block();
    return block && copied(block);
  }

  /** Gives the topmost selected row's values to the others; to one row alone those of the row above. */
  async fillDown(): Promise<void> {
    const range = this.range();
    if (!range) return;
    const from = range.fromRow === range.toRow ? Math.max(range.fromRow - 1, 0) : range.fromRow;
    const edits = await this.blockOf(from, { height: range.toRow - from + 1, width: this.size().width });
    if (edits) await this.events.edit(filledDown(edits));
  }

  /** The ids of the rows that are selected. */
  async selectedRows(): Promise<number[]> {
    return (await this.block())?.rows.map((row) => row.id) ?? [];
  }

  /** Puts a block of text in, beginning where the selection does. */
  async paste(text: string): Promise<void> {
    if (text === "") return this.events.tell("There is no text on the clipboard to paste.");
    const lines = cut(text);
    const size = extent(lines, this.size());
    const block = await this.block(size);
    if (!block) return;
    const edits = pasted(block, lines);
    if (edits.length > 0) await this.events.edit(edits);
    const missing = size.height - block.rows.length;
    const left = [
      block.columns.some((column) => block.rows.some((row) => isLocked(column, row)))
        ? "Locked columns were left as they are."
        : "",
      missing > 0 ? `${missing} lines did not fit below the last person.` : "",
    ].filter(Boolean);
    if (left.length > 0) this.events.tell(left.join(" "));
  }

  private range() {
    const at = this.grid.getActiveCell();
    const chosen = this.grid.getSelectionModel()?.getSelectedRanges().at(-1);
    if (chosen && at && chosen.contains(at.row, at.cell)) return chosen;
    return at && new SlickRange(at.row, at.cell);
  }

  private size(): { height: number; width: number } {
    const range = this.range();
    if (!range) return { height: 0, width: 0 };
    return { height: range.toRow - range.fromRow + 1, width: range.toCell - range.fromCell + 1 };
  }

  /** The rows and columns of the selection, or of another size from its first cell on. */
  private async block(size = this.size()): Promise<Block | null> {
    const range = this.range();
    return range ? this.blockOf(range.fromRow, size) : null;
  }

  private async blockOf(first: number, size: { height: number; width: number }): Promise<Block | null> {
    const range = this.range();
    if (!range) return null;
    const window = await this.events.rows(first, Math.min(size.height, MOST_SELECTED));
    const from = Math.max(range.fromCell - NUMBERS, 0);
    return { rows: window?.rows ?? [], columns: this.columns.slice(from, from + size.width) };
  }

  private arrived(others: number[], totalChanged: boolean): void {
    const focused = this.host.contains(document.activeElement);
    const editing = this.grid.getEditorLock().isActive();
    this.keepEdit(() => {
      if (totalChanged) this.recount();
      if (!this.fitted && !this.isDown && this.pages.total > 0) this.fit();
    });
    this.passing.arrived();
    const active = this.grid.getActiveCell();
    this.redraw(others, editing ? active?.row : undefined);
    if (!this.begun && this.pages.total > 0) this.begin();
    if (this.pending && this.pages.at(this.pending.index)) {
      const { index, cell } = this.pending;
      this.pending = null;
      this.place(index, cell);
    } else if (active && active.row < this.pages.total) {
      this.tellMoved();
      if (focused && !editing) this.focusActive();
    } else if (active) {
      this.grid.resetActiveCell();
      this.events.moved(null);
      if (this.pages.total > 0) this.place(this.pages.total - 1, active.cell);
    }
  }

  private released(): void {
    if (this.gone || !this.isDown) return;
    this.isDown = false;
    this.pressedRow = undefined;
    if (this.isStale) this.keepEdit(() => this.grid.invalidate());
    this.isStale = false;
    if (this.due.length > 0) {
      const isEditing = this.grid.getEditorLock().isActive();
      this.redraw([], isEditing ? this.grid.getActiveCell()?.row : undefined);
    }
  }

  private recount(): void {
    this.grid.updateRowCount();
    this.events.counted(this.pages.total);
    this.host.setAttribute("aria-rowcount", String(this.pages.total + 1));
  }

  /**
   * Draws rows that are on screen, but not one that is being edited or pressed. Only those that are others now: a double
   * click whose cell is made anew between its two clicks is none, and a screen reader would begin again.
   */
  private redraw(others: number[], edited: number | undefined): void {
    const shown = this.grid.getRenderedRange();
    const active = this.grid.getActiveCell()?.row;
    const rows = new Set(
      [...others, ...this.due].filter((row) => row === active || (row >= shown.top && row <= shown.bottom)),
    );
    const spared = [edited, this.pressedRow].filter((row) => row !== undefined);
    this.due = spared.filter((row) => rows.delete(row));
    this.grid.invalidateRows([...rows]);
    this.grid.render();
  }

  /** The cursor stands in the first cell, so that the keys work at once. */
  private begin(): void {
    this.begun = true;
    if (this.pending || this.grid.getActiveCell()) return;
    if (this.begins) this.stand(this.begins);
    else this.grid.setActiveCell(0, NUMBERS);
    this.begins = null;
    // What has the keys around it has no use for them.
    if (this.focusing || document.activeElement?.contains(this.host)) this.focusActive();
    this.focusing = false;
  }

  /** As it was in the grid before; what is no longer there is left. */
  private stand({ top, row, column, selected }: Standing): void {
    const last = this.pages.total - 1;
    const cell = (of: number) => Math.max(this.columns.findIndex((other) => other.column === of) + NUMBERS, NUMBERS);
    this.grid.scrollRowToTop(Math.min(top, last));
    this.grid.setActiveCell(Math.min(row, last), cell(column));
    if (!selected || selected.toRow > last) return;
    const range = new SlickRange(selected.fromRow, cell(selected.from), selected.toRow, cell(selected.to));
    this.grid.getSelectionModel()?.setSelectedRanges([range], "grid", "");
  }

  private place(index: number, cell: number): void {
    this.grid.scrollRowIntoView(index, false);
    if (this.pages.at(index)) {
      this.grid.setActiveCell(index, cell);
      this.focusActive();
    } else {
      this.pending = { index, cell };
      this.pages.want(index - 30, index + 30);
    }
  }

  private focusActive(): void {
    this.grid.getActiveCellNode()?.focus({ preventScroll: true });
  }

  private active(): { row: GridRow; column: GridColumn } | null {
    const at = this.grid.getActiveCell();
    const row = at && this.pages.at(at.row);
    const column = at && this.columns[at.cell - NUMBERS];
    return row && column ? { row, column } : null;
  }

  private isClosed({ row, column }: { row: GridRow; column: GridColumn }): boolean {
    return this.isProvisional || isLocked(column, row);
  }

  private tellMoved(): void {
    const at = this.active();
    this.events.moved(at && { row: at.row.id, column: at.column.column });
  }

  /** Shows an edit at once, and takes it back if it was refused. */
  private commit(item: GridRow, column: Column, command: EditCommand): void {
    const place = Number(column.field);
    const value = String(command.serializedValue);
    const before = item.cells[place] ?? "";
    const show = (text: string) => {
      item.cells = item.cells.with(place, text);
      this.grid.invalidateRow(command.row);
      this.grid.render();
    };
    show(value);
    void this.events.edit([{ row: item.id, column: place, value }]).then((done) => {
      if (!done && !this.gone) show(before);
    });
  }

  private passed(): Passing {
    const { grid, host } = this;
    const side = () => (Number(grid.getOptions().frozenColumn ?? -1) >= 0 ? "right" : "left");
    const view = () => host.querySelector<HTMLElement>(`.slick-viewport-top.slick-viewport-${side()}`);
    let drawnAt = 0;
    this.handler.subscribe(grid.onScroll, (_event: SlickEventData, args: { scrollTop: number }) => {
      drawnAt = args.scrollTop;
      this.passing.end();
    });
    return new Passing(host, {
      view,
      drawnAt: () => drawnAt,
      total: () => this.pages.total,
      known: (index) => this.pages.at(index),
      rows: (first, count) => this.events.rows(first, count),
      columns: () => inSight(grid, this.columns, view()),
      want: (first, last) => this.pages.want(first, last),
      follow: () => view()?.dispatchEvent(new Event("scroll")),
    });
  }

  private made(): Column[] {
    return slickColumns(this.columns, this.opening, (place) => this.columns.find((column) => column.column === place));
  }

  private header(column: GridColumn): void {
    const own = this.grid.getColumns().find((other) => other.id === idOf(column));
    if (!own) return;
    own.cssClass = column.locked ? "locked" : "";
    this.grid.updateColumnHeader(own.id, headerOf(column), column.title);
  }

  private fit(): void {
    this.fitted = true;
    const rows = Array.from({ length: Math.min(100, this.pages.total) }, (_, at) => this.pages.at(at));
    const made = this.grid.getColumns();
    fit(
      made,
      this.columns,
      rows.filter((row) => row !== undefined),
    );
    this.grid.setColumns(made);
    this.freeze();
  }

  private fitOne(id: string): void {
    const column = this.columns.find((other) => idOf(other) === id);
    if (!column) return;
    const shown = this.grid.getRenderedRange();
    const rows = Array.from({ length: shown.bottom - shown.top + 1 }, (_, at) => this.pages.at(shown.top + at));
    remember(
      column.name,
      fitting(
        column,
        rows.filter((row) => row !== undefined),
      ),
    );
    const made = this.grid.getColumns();
    const own = made.find((other) => other.id === id);
    if (own) own.width = remembered(column.name) ?? own.width ?? 0;
    this.grid.setColumns(made);
  }

  private resize(): void {
    const size = `${this.host.clientWidth} ${this.host.clientHeight}`;
    // It is told of its size when it has just been made for it.
    if (size === this.drawnSize) return;
    this.drawnSize = size;
    this.keepEdit(() => {
      this.grid.resizeCanvas();
      this.freeze();
    });
  }

  /** What the library does with the whole of the grid ends an edit, and what is being typed would go with it. */
  private keepEdit(does: () => void): void {
    const isEditing = this.grid.getEditorLock().isActive();
    const text = isEditing ? (this.grid.getCellEditor()?.serializeValue() as string | undefined) : undefined;
    const had = document.activeElement;
    does();
    if (text === undefined || this.grid.getEditorLock().isActive()) return;
    this.opening.typed = text;
    this.grid.editActiveCell(undefined);
    this.opening.typed = null;
    // Whoever went elsewhere meanwhile stays there.
    if (had instanceof HTMLElement && had.isConnected && had !== document.body) had.focus();
  }

  private freeze(): void {
    const last = lastFrozen(this.grid.getColumns(), this.columns, this.host.clientWidth);
    if (last !== this.grid.getOptions().frozenColumn) this.grid.setOptions({ frozenColumn: last });
  }

  private rememberWidths(): void {
    const made = this.grid.getColumns();
    for (const column of this.columns) {
      const width = made.find((other) => other.id === idOf(column))?.width;
      if (width && width !== remembered(column.name)) remember(column.name, width);
    }
  }

  private listen(): void {
    const { grid, handler } = this;
    handler.subscribe(grid.onViewportChanged, () => {
      const shown = grid.getRenderedRange();
      this.pages.want(shown.top, shown.bottom);
    });
    handler.subscribe(grid.onRendered, () => readers.place(this.host, grid.getActiveCellNode()));
    handler.subscribe(grid.onActiveCellChanged, () => {
      this.tellMoved();
      readers.place(this.host, grid.getActiveCellNode());
      if (this.host.contains(document.activeElement)) this.focusActive();
    });
    handler.subscribe(grid.onBeforeEditCell, () => {
      const at = this.active();
      return !at || !this.isClosed(at);
    });
    handler.subscribe(grid.onDblClick, () => {
      const at = this.active();
      if (at && this.isClosed(at)) this.events.locked(at.column.column, null);
    });
    handler.subscribe(grid.onHeaderClick, (_event: SlickEventData, args: { column: Column }) => {
      const column = this.columns.find((other) => idOf(other) === args.column.id);
      if (column) this.events.header(column.column);
      // A click there took the keys away from the cells.
      if (document.activeElement?.contains(this.host)) this.focusActive();
    });
    handler.subscribe(grid.onColumnsResized, () => this.rememberWidths());
    handler.subscribe(grid.onColumnsResizeDblClick, (_event: SlickEventData, args: { triggeredByColumn: string }) =>
      this.fitOne(args.triggeredByColumn),
    );
    handler.subscribe(grid.onKeyDown, (event: SlickEventData) => this.pressed(event));
    this.host.addEventListener("pointerdown", (event) => {
      this.isDown = true;
      this.pressedRow = grid.getCellFromEvent(event)?.row;
      // What is clicked is told after the button has come up.
      for (const end of ["pointerup", "pointercancel"])
        document.addEventListener(end, () => setTimeout(() => this.released()), { once: true });
    });
    this.host.addEventListener("contextmenu", (event) => {
      if (grid.getEditorLock().isActive()) return;
      event.preventDefault();
      const cell = grid.getCellFromEvent(event);
      if (!cell || !this.pages.at(cell.row)) return;
      const range = this.range();
      if (!range?.contains(cell.row, cell.cell)) {
        grid.setActiveCell(cell.row, cell.cell);
        grid.getSelectionModel()?.setSelectedRanges([new SlickRange(cell.row, cell.cell)], "grid", "");
      }
      this.events.menu({ x: event.clientX, y: event.clientY });
    });
    this.host.addEventListener("paste", (event) => {
      if (grid.getEditorLock().isActive()) return;
      event.preventDefault();
      void this.paste(event.clipboardData?.getData("text/plain") ?? "");
    });
  }

  private pressed(slick: SlickEventData): void {
    const event = slick.getNativeEvent<KeyboardEvent>();
    const wanted = event && wish(event, this.grid.getEditorLock().isActive(), this.pages.total);
    if (!event || !wanted) return;
    event.preventDefault();
    slick.stopImmediatePropagation();
    slick.stopPropagation();
    if (wanted === "down") this.step(1);
    else if (wanted === "up") this.step(-1);
    else if (wanted === "edit") this.edit();
    else if (wanted === "menu") this.menu();
    else if (wanted === "leave") this.events.leave();
    else if (wanted === "too-much")
      this.events.tell(`A selection can span ${MOST_SELECTED.toLocaleString("en-GB")} people. Filter the list first.`);
    else this.edit(wanted.type);
  }

  /** Below the cell under the cursor, for whoever has no pointer. */
  private menu(): void {
    const cell = this.grid.getActiveCellNode()?.getBoundingClientRect();
    if (cell) this.events.menu({ x: cell.left, y: cell.bottom });
  }

  private step(by: number): void {
    const at = this.grid.getActiveCell();
    if (!at || !this.grid.getEditorLock().commitCurrentEdit()) return;
    const row = at.row + by;
    if (row < 0 || row >= this.pages.total) this.focusActive();
    else this.place(row, at.cell);
  }
}
