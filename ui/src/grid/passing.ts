// Rows that pass under a thumb. To draw each place that they go by as a grid takes
// longer than a frame, and before its rows are there it would be blank. So the grid stays where it was and is covered by
// rows that are only looked at: the newest that have come, a moment behind the thumb. The grid follows when it rests.
import { draw, drawNumber, type GridColumn, type GridRow } from "./cell";
import type { Window } from "./pages";

const HEIGHT = 28;
/** So long nothing moves before the grid follows. */
const REST = 90;

interface Under {
  /** The box that is scrolled. */
  view(): HTMLElement | null;
  /** How far it was scrolled when the grid was drawn last. */
  drawnAt(): number;
  total(): number;
  /** A row that is known already. */
  known(index: number): GridRow | undefined;
  rows(first: number, count: number): Promise<Window<GridRow> | null>;
  /** The columns in sight: how far from the left edge, how wide; without one the rows' numbers. */
  columns(): { cell: number; column: GridColumn | null; left: number; width: number; frozen: boolean }[];
  /** These rows are about to be drawn by the grid. */
  want(first: number, last: number): void;
  /** The grid draws where it is scrolled to. */
  follow(): void;
}

export class Passing {
  private layer: HTMLElement | null = null;
  private lines: { line: HTMLElement; cells: { at: HTMLElement; cell: number; column: GridColumn | null }[] }[] = [];
  /** How far it is scrolled, of how much, and how much is in sight: to ask for that after each change would lay out anew. */
  private at = { top: 0, most: 0, height: 0 };
  private rest: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private following = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly under: Under,
  ) {
    // Before the library hears of it.
    host.addEventListener("scroll", (event) => this.scrolled(event), { capture: true });
  }

  /** The grid was drawn where it is scrolled to, or is no more. */
  end(): void {
    clearTimeout(this.rest);
    this.layer?.remove();
    this.layer = null;
    this.lines = [];
  }

  /** Rows have come: it ends if the grid waited for them. */
  arrived(): void {
    const place = this.place();
    if (this.layer && this.rest === undefined && place && this.isKnown(place)) this.follow();
  }

  private scrolled(event: Event): void {
    const view = this.under.view();
    if (!view || event.target !== view || this.following) return;
    this.measure(view);
    const isFar = Math.abs(this.at.top - this.under.drawnAt()) > this.at.height;
    const place = this.place();
    if (!this.layer && (!isFar || !place || this.isKnown(place))) return;
    if (!this.layer) this.begin(view);
    this.move();
    event.stopPropagation();
  }

  private measure(view: HTMLElement): void {
    const height = view.clientHeight;
    this.at = { top: view.scrollTop, most: view.scrollHeight - height, height };
  }

  private move(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.rested(), REST);
    void this.ask();
  }

  private rested(): void {
    this.rest = undefined;
    const place = this.place();
    if (!place || this.isKnown(place)) return this.follow();
    this.under.want(place.first, place.first + place.count);
  }

  private follow(): void {
    this.following = true;
    this.under.follow();
    this.following = false;
    this.end();
  }

  /** What is in sight. A list too long for a page is as high as it may be, and a pixel of it is more than one of its rows. */
  private place(): { first: number; count: number } | null {
    const { top, most, height } = this.at;
    if (most <= 0) return null;
    const first = Math.max(0, (top / most) * (this.under.total() - height / HEIGHT));
    return { first: Math.floor(first + 0.001), count: Math.ceil(height / HEIGHT) + 1 };
  }

  private isKnown({ first, count }: { first: number; count: number }): boolean {
    const last = Math.min(first + count, this.under.total()) - 1;
    return this.under.known(first) !== undefined && this.under.known(last) !== undefined;
  }

  /** One question at a time, and then where the thumb is by now. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      let asked = -1;
      for (let place = this.place(); this.layer && place && place.first !== asked; place = this.place()) {
        asked = place.first;
        if (this.isKnown(place)) {
          this.showKnown(place.first);
          continue;
        }
        const window = await this.under.rows(place.first, place.count);
        if (window) this.show(window.rows, window.first);
      }
    } finally {
      this.asking = false;
    }
  }

  private begin(view: HTMLElement): void {
    const layer = document.createElement("div");
    layer.className = "passing";
    layer.ariaHidden = "true";
    const [outer, inner] = [this.host.getBoundingClientRect(), view.getBoundingClientRect()];
    Object.assign(layer.style, {
      top: `${inner.top - outer.top}px`,
      width: `${inner.left - outer.left + view.clientWidth}px`,
      height: `${view.clientHeight}px`,
    });
    const columns = this.under.columns();
    const edge = Math.max(0, ...columns.filter((one) => one.frozen).map((one) => one.left + one.width));
    const frozen = document.createElement("div");
    const others = document.createElement("div");
    frozen.style.width = `${edge}px`;
    others.style.left = `${edge}px`;
    const count = Math.ceil(view.clientHeight / HEIGHT);
    this.lines = Array.from({ length: count }, (_, at) => {
      const line = document.createElement("div");
      const beside = document.createElement("div");
      line.className = beside.className = "passing-row";
      line.style.top = beside.style.top = `${at * HEIGHT}px`;
      const cells = columns.map(({ cell, column, left, width, frozen: isFrozen }) => {
        const box = document.createElement("div");
        Object.assign(box.style, { left: `${isFrozen ? left : left - edge}px`, width: `${width}px` });
        (isFrozen ? line : beside).append(box);
        return { at: box, cell, column };
      });
      frozen.append(line);
      others.append(beside);
      return { line, cells };
    });
    layer.append(others, frozen);
    this.layer = layer;
    this.showKnown(Math.round(this.under.drawnAt() / HEIGHT));
    this.host.append(layer);
  }

  private showKnown(first: number): void {
    this.show(
      this.lines.map((_, at) => this.under.known(first + at)),
      first,
    );
  }

  private show(rows: (GridRow | undefined)[], first: number): void {
    for (const [at, { line, cells }] of this.lines.entries()) {
      const row = rows[at];
      line.dataset.row = row ? String(first + at) : "";
      for (const { at: box, column } of cells) {
        const drawn = row && (column ? draw(row, column) : drawNumber(row));
        const own = column ? (column.locked ? "locked" : "") : "number";
        fill(box, `slick-cell ${own} ${drawn?.addClasses ?? ""}`, drawn?.html);
      }
    }
  }
}

/** A text takes the place of a text: nothing is made anew for it. */
function fill(box: HTMLElement, classes: string, html: HTMLElement | undefined): void {
  if (box.className !== classes) box.className = classes;
  const before = box.firstElementChild;
  const isText = html?.className === "text" && before?.className === "text";
  if (isText && html.childElementCount + before.childElementCount === 0) before.textContent = html.textContent;
  else box.replaceChildren(...(html ? [html] : []));
}
