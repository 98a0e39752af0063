// The table of cells on screen. It knows cells, not rosters: it asks for windows of rows and says what was done to them.
import {
  SlickCellSelectionModel,
  SlickEventHandler,
  SlickGrid,
  type Column,
  type EditCommand,
  type Editor,
  type EditorArguments,
  type SlickEventData,
} from "slickgrid";
import { draw, drawNumber, type GridColumn, type GridRow } from "./cell";
import { cut, quoted } from "./clipboard";
import { CellEditor, type Opening } from "./editor";
import { headerOf, numberHead } from "./header";
import { Pages, type Window } from "./pages";
import { fitting, remember, remembered } from "./widths";
import "./grid.css";

export type { GridColumn, GridRow };

interface CellEdit {
  row: number;
  column: number;
  value: string;
}

export interface GridEvents {
  /** Rows that are about to be drawn; null if they cannot be had. */
  rows(first: number, count: number): Promise<Window<GridRow> | null>;
  /** How many rows there are. */
  counted(total: number): void;
  moved(at: { row: number; column: number } | null): void;
  /** Writes cells; false if that was refused. */
  edit(edits: CellEdit[]): Promise<boolean>;
  /** Somebody tried to edit a column that is locked. */
  locked(column: number): void;
  header(column: number): void;
  /** The person wants out of the grid. */
  leave(): void;
  tell(text: string): void;
}

const NUMBER = "#";
/** Rows that a selection may span: more would be marked one by one by the library. */
const MOST_SELECTED = 20_000;

/** A frozen column takes room from all others. */
const MOST_FROZEN = 230;

type Cells = SlickGrid<GridRow, Column>;

export class CellGrid {
  private readonly grid: Cells;
  private readonly pages: Pages<GridRow>;
  private readonly handler = new SlickEventHandler();
  private readonly resized: ResizeObserver;
  private readonly opening: Opening = { typed: null };
  private columns: GridColumn[];
  private sinks: HTMLElement[] = [];
  private fitted = false;
  private begun = false;
  /** The keys were in the grid before its rows were exchanged, and belong there again. */
  private focusing = false;
  /** Where the cursor goes once that row is there. */
  private pending: { index: number; cell: number } | null = null;

  constructor(
    private readonly host: HTMLElement,
    columns: GridColumn[],
    private readonly events: GridEvents,
  ) {
    this.columns = columns;
    this.pages = new Pages(
      (first, count) => events.rows(first, count),
      (first, count, totalChanged) => this.arrived(first, count, totalChanged),
    );
    const data = {
      getLength: () => this.pages.total,
      getItem: (index: number) => this.pages.at(index) as GridRow,
      getItemMetadata: (index: number) => {
        const row = this.pages.at(index);
        return row?.fresh ? { cssClasses: "fresh" } : null;
      },
    };
    this.grid = new SlickGrid<GridRow, Column>(host, data, this.slickColumns(), {
      rowHeight: 28,
      editable: true,
      autoEdit: false,
      enableCellNavigation: true,
      enableColumnReorder: false,
      enableTextSelectionOnCells: false,
      multiColumnSort: false,
      explicitInitialization: false,
      forceFitColumns: false,
      frozenColumn: this.frozenCount(),
      selectedCellCssClass: "chosen",
      nonce: document.querySelector<HTMLElement>("style#nonce")?.nonce ?? "",
      invalidColumnFreezeWidthCallback: () => undefined,
      invalidColumnFreezePickerCallback: () => undefined,
      editCommandHandler: (item: GridRow, column: Column, command: EditCommand) =>
        this.commit(item, column, command),
    } as never);
    this.prepareForReaders();
    this.listen();
    this.grid.setSelectionModel(new SlickCellSelectionModel());
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(host);
    this.pages.want(0, 60);
  }

  destroy(): void {
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
    const focused = this.pending !== null || this.host.contains(document.activeElement);
    this.pending = null;
    this.begun = false;
    this.focusing = focused;
    this.grid.getEditorLock().cancelCurrentEdit();
    this.grid.resetActiveCell();
    this.grid.getSelectionModel()?.setSelectedRanges([], "grid", "");
    this.pages.restart();
    this.grid.scrollRowToTop(0);
  }

  setColumns(columns: GridColumn[]): void {
    const widths = new Map(this.grid.getColumns().map((column) => [column.id, column.width]));
    const order = columns.map((column) => column.column).join();
    const same = order === this.columns.map((column) => column.column).join();
    this.columns = columns;
    if (same) {
      for (const column of columns) this.header(column);
      return;
    }
    const made = this.slickColumns();
    for (const column of made) {
      const width = widths.get(column.id);
      if (width) column.width = width;
    }
    this.grid.setColumns(made);
    this.grid.setOptions({ frozenColumn: this.frozenCount() });
  }

  focus(): void {
    if (this.grid.getActiveCell()) return this.focusActive();
    this.focusing = true;
    if (this.pages.at(0)) this.begin();
  }

  /** Puts the cursor on a cell; without a column on the one it is in. */
  goTo(index: number, column: number | null): void {
    const cell = column === null ? (this.grid.getActiveCell()?.cell ?? 1) : this.cellOf(column);
    this.place(index, cell);
  }

  edit(): void {
    const at = this.active();
    if (!at) return;
    if (at.column.locked) return this.events.locked(at.column.column);
    this.grid.editActiveCell(undefined);
  }

  /** Empties the selected cells. */
  async clear(): Promise<void> {
    const block = await this.block();
    if (!block) return;
    const edits = block.rows.flatMap((row) =>
      block.columns
        .filter((column) => !column.locked && (row.cells[column.column] ?? "") !== "")
        .map((column) => ({ row: row.id, column: column.column, value: "" })),
    );
    const locked = block.columns.find((column) => column.locked);
    if (edits.length > 0) await this.events.edit(edits);
    else if (locked) this.events.locked(locked.column);
  }

  /** The selected cells as a block that pastes into a spreadsheet; hidden values stay hidden. */
  async copied(): Promise<string | null> {
    const block = await this.block();
    if (!block) return null;
    return block.rows
      .map((row) => block.columns.map((column) => quoted(shownValue(column, row))).join("\t"))
      .join("\n");
  }

  /** Puts a block of text in, beginning at the cursor. */
  async paste(text: string): Promise<void> {
    const at = this.grid.getActiveCell();
    if (!at) return;
    const lines = cut(text);
    const single = lines.length === 1 && lines[0]?.length === 1;
    const range = this.range() ?? { fromRow: at.row, toRow: at.row, fromCell: at.cell, toCell: at.cell };
    const height = single ? range.toRow - range.fromRow + 1 : lines.length;
    const width = single ? range.toCell - range.fromCell + 1 : Math.max(...lines.map((line) => line.length));
    const rows = await this.rowsFrom(range.fromRow, height);
    const columns = this.columns.slice(range.fromCell - 1, range.fromCell - 1 + width);
    const open = columns.filter((column) => !column.locked);
    const edits = rows.flatMap((row, y) =>
      open.flatMap((column) => {
        const value = single ? lines[0]?.[0] : lines[y]?.[columns.indexOf(column)];
        const same = value === undefined || value === row.cells[column.column];
        return same ? [] : [{ row: row.id, column: column.column, value }];
      }),
    );
    if (edits.length > 0) await this.events.edit(edits);
    const left: string[] = [];
    if (open.length < columns.length) left.push("Locked columns were left as they are.");
    if (rows.length < height) left.push(`${height - rows.length} lines did not fit below the last person.`);
    if (left.length > 0) this.events.tell(left.join(" "));
  }

  /** The ids of the rows that are selected. */
  async selectedRows(): Promise<number[]> {
    const block = await this.block();
    return block?.rows.map((row) => row.id) ?? [];
  }

  private async block(): Promise<{ rows: GridRow[]; columns: GridColumn[] } | null> {
    const at = this.grid.getActiveCell();
    if (!at) return null;
    const range = this.range() ?? { fromRow: at.row, toRow: at.row, fromCell: at.cell, toCell: at.cell };
    const rows = await this.rowsFrom(range.fromRow, range.toRow - range.fromRow + 1);
    const from = Math.max(range.fromCell, 1) - 1;
    return { rows, columns: this.columns.slice(from, range.toCell) };
  }

  private range() {
    return this.grid.getSelectionModel()?.getSelectedRanges().at(-1) ?? null;
  }

  private async rowsFrom(first: number, count: number): Promise<GridRow[]> {
    const window = await this.events.rows(first, Math.min(count, MOST_SELECTED));
    return window?.rows ?? [];
  }

  private arrived(first: number, count: number, totalChanged: boolean): void {
    const focused = this.host.contains(document.activeElement);
    const editing = this.grid.getEditorLock().isActive();
    if (totalChanged) {
      this.grid.updateRowCount();
      this.events.counted(this.pages.total);
      this.host.setAttribute("aria-rowcount", String(this.pages.total + 1));
    }
    if (!this.fitted && count > 0) this.fit();
    const active = this.grid.getActiveCell();
    const shown = this.grid.getRenderedRange();
    const rows: number[] = [];
    for (let row = Math.max(first, shown.top); row < Math.min(first + count, shown.bottom + 1); row++) {
      if (!(editing && row === active?.row)) rows.push(row);
    }
    if (active && active.row >= first && active.row < first + count && !rows.includes(active.row) && !editing) {
      rows.push(active.row);
    }
    this.grid.invalidateRows(rows);
    this.grid.render();
    if (!this.begun && count > 0) this.begin();
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
    }
  }

  /** The cursor stands in the first cell, so that the keys work at once. */
  private begin(): void {
    this.begun = true;
    if (this.pending || this.grid.getActiveCell()) return;
    this.grid.setActiveCell(0, 1);
    if (this.focusing || document.activeElement === document.body) this.focusActive();
    this.focusing = false;
  }

  private place(index: number, cell: number): void {
    this.grid.scrollRowIntoView(index, false);
    if (!this.pages.at(index)) {
      this.pending = { index, cell };
      this.pages.want(index - 30, index + 30);
      return;
    }
    this.grid.setActiveCell(index, cell);
    this.focusActive();
  }

  private focusActive(): void {
    this.grid.getActiveCellNode()?.focus({ preventScroll: true });
  }

  private active(): { row: GridRow; column: GridColumn } | null {
    const at = this.grid.getActiveCell();
    const row = at && this.pages.at(at.row);
    const column = at && this.columns[at.cell - 1];
    return row && column ? { row, column } : null;
  }

  private tellMoved(): void {
    const at = this.active();
    this.events.moved(at && { row: at.row.id, column: at.column.column });
  }

  private commit(item: GridRow, column: Column, command: EditCommand): void {
    const place = Number(column.field);
    const value = String(command.serializedValue);
    const before = item.cells[place] ?? "";
    item.cells = item.cells.with(place, value);
    const redraw = () => this.grid.invalidateRow(command.row);
    redraw();
    this.grid.render();
    void this.events.edit([{ row: item.id, column: place, value }]).then((done) => {
      if (done) return;
      item.cells = item.cells.with(place, before);
      redraw();
      this.grid.render();
    });
  }

  private slickColumns(): Column[] {
    const number: Column = {
      id: NUMBER,
      field: NUMBER,
      name: numberHead("Line in the file"),
      width: 56,
      resizable: false,
      focusable: false,
      selectable: false,
      cssClass: "number",
      headerCssClass: "number",
      formatter: (_row, _cell, _value, _column, item: GridRow) => drawNumber(item),
    };
    return [number, ...this.columns.map((column) => this.slickColumn(column))];
  }

  private slickColumn(column: GridColumn): Column {
    const { opening } = this;
    const place = column.column;
    const current = () => this.columns.find((other) => other.column === place) ?? column;
    class Here extends CellEditor {
      constructor(args: EditorArguments) {
        super(args, current(), opening);
      }
    }
    return {
      id: String(place),
      field: String(place),
      name: headerOf(column),
      toolTip: column.title,
      width: remembered(column.name) ?? fitting(column.name, place, []),
      minWidth: 48,
      editor: Here as unknown as Editor,
      cssClass: column.locked ? "locked" : "",
      formatter: (_row, _cell, _value, _column, item: GridRow) => draw(item, current()),
    };
  }

  private header(column: GridColumn): void {
    const id = String(column.column);
    const at = this.grid.getColumns().find((other) => other.id === id);
    if (!at) return;
    at.cssClass = column.locked ? "locked" : "";
    this.grid.updateColumnHeader(id, headerOf(column), column.title);
  }

  /** Which of the library's columns are frozen: the number, and the frozen ones as far as there is room for others. */
  private frozenCount(): number {
    const room = this.host.clientWidth * 0.62;
    const drawn = new Map(this.grid?.getColumns().map((column) => [column.id, column.width]));
    let taken = 56;
    let count = 0;
    for (const column of this.columns) {
      taken += drawn.get(String(column.column)) ?? remembered(column.name) ?? 120;
      if (!column.frozen || taken > room) break;
      count += 1;
    }
    return count;
  }

  private fit(): void {
    this.fitted = true;
    const rows = Array.from({ length: Math.min(100, this.pages.total) }, (_, at) => this.pages.at(at));
    const there = rows.filter((row) => row !== undefined);
    const columns = this.grid.getColumns();
    for (const column of this.columns) {
      const own = columns.find((other) => other.id === String(column.column));
      if (!own || remembered(column.name) !== null) continue;
      const width = fitting(column.name, column.column, there);
      own.width = column.frozen ? Math.min(width, MOST_FROZEN) : width;
    }
    this.grid.setColumns(columns);
    this.freeze();
  }

  private resize(): void {
    this.grid.resizeCanvas();
    this.freeze();
  }

  private freeze(): void {
    const count = this.frozenCount();
    if (count !== this.grid.getOptions().frozenColumn) this.grid.setOptions({ frozenColumn: count });
  }

  private cellOf(column: number): number {
    return this.columns.findIndex((other) => other.column === column) + 1;
  }

  private listen(): void {
    const { grid, handler } = this;
    handler.subscribe(grid.onViewportChanged, () => {
      const shown = grid.getRenderedRange();
      this.pages.want(shown.top, shown.bottom);
    });
    handler.subscribe(grid.onRendered, () => this.nameRows());
    handler.subscribe(grid.onActiveCellChanged, () => {
      this.tellMoved();
      this.nameRows();
      if (this.host.contains(document.activeElement)) this.focusActive();
    });
    handler.subscribe(grid.onBeforeEditCell, () => !this.active()?.column.locked);
    handler.subscribe(grid.onDblClick, () => {
      const at = this.active();
      if (at?.column.locked) this.events.locked(at.column.column);
    });
    handler.subscribe(grid.onHeaderClick, (_event: SlickEventData, args: { column: Column }) => {
      if (args.column.id !== NUMBER) this.events.header(Number(args.column.id));
    });
    handler.subscribe(grid.onColumnsResized, () => {
      for (const column of this.columns) {
        const own = grid.getColumns().find((other) => other.id === String(column.column));
        if (own?.width && own.width !== remembered(column.name)) remember(column.name, own.width);
      }
    });
    handler.subscribe(grid.onColumnsResizeDblClick, (_event: SlickEventData, args: { triggeredByColumn: string }) =>
      this.fitOne(args.triggeredByColumn),
    );
    handler.subscribe(grid.onKeyDown, (event: SlickEventData) => this.pressed(event));
    this.host.addEventListener("paste", (event) => {
      if (grid.getEditorLock().isActive()) return;
      event.preventDefault();
      void this.paste(event.clipboardData?.getData("text/plain") ?? "");
    });
  }

  private fitOne(id: string): void {
    const column = this.columns.find((other) => String(other.column) === id);
    const shown = this.grid.getRenderedRange();
    if (!column) return;
    const rows: GridRow[] = [];
    for (let at = shown.top; at <= shown.bottom; at++) {
      const row = this.pages.at(at);
      if (row) rows.push(row);
    }
    const width = fitting(column.name, column.column, rows);
    remember(column.name, width);
    const columns = this.grid.getColumns();
    const own = columns.find((other) => other.id === id);
    if (own) own.width = width;
    this.grid.setColumns(columns);
  }

  private pressed(slick: SlickEventData): void {
    const event = slick.getNativeEvent<KeyboardEvent>();
    if (!event) return;
    const editing = this.grid.getEditorLock().isActive();
    if (this.handled(event, editing)) {
      event.preventDefault();
      slick.stopImmediatePropagation();
      slick.stopPropagation();
    }
  }

  private handled(event: KeyboardEvent, editing: boolean): boolean {
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !control && !event.altKey) {
      if (editing && !this.grid.getEditorLock().commitCurrentEdit()) return true;
      this.step(event.shiftKey ? -1 : 1);
      return true;
    }
    if (editing) return false;
    if (control) return this.spansTooMuch(event);
    if (event.altKey) return false;
    if (event.key === "F2") this.edit();
    else if (event.key === "Escape") this.events.leave();
    else if (event.key === "Backspace") this.type("");
    else if ([...event.key].length === 1) this.type(event.key);
    else return false;
    return true;
  }

  private spansTooMuch(event: KeyboardEvent): boolean {
    const all = event.key.toLowerCase() === "a" && !event.shiftKey;
    const far = event.shiftKey && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key);
    if (!(all || far) || this.pages.total <= MOST_SELECTED) return false;
    this.events.tell(`A selection can span ${MOST_SELECTED.toLocaleString("en-GB")} people. Filter the list first.`);
    return true;
  }

  private type(text: string): void {
    const at = this.active();
    if (!at) return;
    this.opening.typed = text;
    this.edit();
    this.opening.typed = null;
  }

  private step(by: number): void {
    const at = this.grid.getActiveCell();
    if (!at) return;
    const row = at.row + by;
    if (row < 0 || row >= this.pages.total) return this.focusActive();
    this.place(row, at.cell);
  }

  /** The library leaves out what a screen reader needs to know where it is. */
  private prepareForReaders(): void {
    this.host.setAttribute("aria-label", "People");
    this.host.setAttribute("aria-colcount", String(this.columns.length + 1));
    this.host.setAttribute("aria-multiselectable", "true");
    // Where the library catches the keys. A grid may hold only rows, so they stand before and behind it.
    this.sinks = [...this.host.querySelectorAll<HTMLElement>(":scope > div[tabindex='0']:not(.slick-pane)")];
    for (const [at, sink] of this.sinks.entries()) {
      sink.tabIndex = -1;
      if (at === 0) this.host.before(sink);
      else this.host.after(sink);
      sink.addEventListener("focus", () => this.focus());
    }
    // The active cell is the one stop for Tab, not each of the library's layers.
    for (const layer of this.host.querySelectorAll("[tabindex]:not(.slick-cell)")) layer.removeAttribute("tabindex");
  }

  private nameRows(): void {
    for (const cell of this.host.querySelectorAll<HTMLElement>('.slick-cell[tabindex="0"]')) cell.tabIndex = -1;
    const active = this.grid.getActiveCellNode();
    if (active) active.tabIndex = 0;
    for (const row of this.host.querySelectorAll<HTMLElement>(".slick-row:not([aria-rowindex])")) {
      row.setAttribute("aria-rowindex", String(Number(row.dataset.row) + 2));
    }
    for (const cell of this.host.querySelectorAll<HTMLElement>(".slick-cell:not([aria-colindex])")) {
      const at = /\bl(\d+)\b/.exec(cell.className)?.[1];
      if (at !== undefined) cell.setAttribute("aria-colindex", String(Number(at) + 1));
    }
  }
}

/** A hidden value is never handed out. */
function shownValue(column: GridColumn, row: GridRow): string {
  return column.secret ? "" : (row.cells[column.column] ?? "");
}
