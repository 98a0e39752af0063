import { autoUpdate, computePosition, flip, shift } from "@floating-ui/dom";
import type { Editor, EditorArguments } from "slickgrid";
import type { GridColumn, GridRow } from "./cell";

/** What the editor is started with: the text typed to open it, or null to edit what is there. */
export interface Opening {
  typed: string | null;
}

/** A text field in a cell, with the values a cell may take offered below it. */
export class CellEditor implements Editor {
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("ul");
  private readonly column: GridColumn;
  private before = "";
  private at = -1;
  /** Stops the list from following its cell. */
  private unfollow: (() => void) | null = null;
  keyCaptureList: number[] = [];

  constructor(
    private readonly args: EditorArguments,
    column: GridColumn,
    private readonly opening: Opening,
  ) {
    this.column = column;
    this.init();
  }

  init(): void {
    const { column, args } = this;
    this.input.type = column.secret ? "password" : "text";
    this.input.className = "cell-editor";
    this.input.autocomplete = "off";
    this.input.spellcheck = false;
    this.input.setAttribute("aria-label", column.name);
    args.container.append(this.input);
    if (column.choices.length > 0) this.prepareList();
    this.input.addEventListener("keydown", this.pressed);
    this.input.addEventListener("input", () => this.offer());
    this.input.focus();
  }

  destroy(): void {
    this.unfollow?.();
    this.list.remove();
    this.input.remove();
  }

  focus(): void {
    this.input.focus();
  }

  getValue(): string {
    return this.input.value;
  }

  setValue(value: string): void {
    this.input.value = value;
  }

  loadValue(item: GridRow): void {
    const value = item.cells[this.column.column] ?? "";
    // A hidden value cannot be edited, only given anew.
    this.before = this.column.secret ? "" : value;
    this.input.value = this.opening.typed ?? this.before;
    this.opening.typed = null;
    const end = this.input.value.length;
    this.input.setSelectionRange(end, end);
    this.offer();
  }

  serializeValue(): string {
    return this.input.value;
  }

  applyValue(item: GridRow, state: string): void {
    item.cells[this.column.column] = state;
  }

  isValueChanged(): boolean {
    return this.input.value !== this.before;
  }

  validate(): { valid: boolean; msg: string } {
    return { valid: true, msg: "" };
  }

  private prepareList(): void {
    this.list.className = "cell-choices";
    this.list.id = `choices-${this.column.column}`;
    this.list.role = "listbox";
    this.list.hidden = true;
    document.body.append(this.list);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const open = !this.list.hidden && this.list.childElementCount > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (open && this.at >= 0 && (event.key === "Enter" || event.key === "Tab")) {
      this.take(this.list.children[this.at]?.textContent ?? "");
    } else if (open && event.key === "Escape" && this.at >= 0) {
      this.close();
    } else if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      return;
    } else {
      // Inside the text these move the caret, not the cursor of the grid.
      event.stopImmediatePropagation();
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    event.stopPropagation();
  };

  /** The text that is being typed: the whole cell, or the last of several values. */
  private piece(): { before: string; text: string } {
    const value = this.input.value;
    const mark = this.column.separator?.trim();
    const cut = mark ? value.lastIndexOf(mark) : -1;
    if (cut < 0) return { before: "", text: value };
    const after = value.slice(cut + 1);
    const blank = after.startsWith(" ") ? 1 : 0;
    return { before: value.slice(0, cut + 1) + " ", text: after.slice(blank) };
  }

  private offer(): void {
    const { text } = this.piece();
    const wanted = text.trim().toLocaleLowerCase();
    const fits = this.column.choices.filter((choice) => choice.toLocaleLowerCase().includes(wanted) && choice !== text);
    this.list.replaceChildren(...fits.slice(0, 8).map((choice) => this.option(choice)));
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    if (fits.length === 0) return this.close();
    this.list.hidden = false;
    this.unfollow ??= autoUpdate(this.args.container, this.list, () => void this.place());
    this.input.setAttribute("aria-expanded", "true");
  }

  /** Below the cell, or above it where there is more room, and with it when the grid scrolls. */
  private async place(): Promise<void> {
    const cell = this.args.container;
    const { x, y } = await computePosition(cell, this.list, {
      placement: "bottom-start",
      strategy: "fixed",
      middleware: [flip(), shift({ padding: 8 })],
    });
    Object.assign(this.list.style, {
      left: `${x}px`,
      top: `${y}px`,
      minWidth: `${Math.min(cell.offsetWidth, 320)}px`,
    });
  }

  private option(choice: string): HTMLLIElement {
    const option = document.createElement("li");
    option.role = "option";
    option.id = `${this.list.id}-${this.column.choices.indexOf(choice)}`;
    option.textContent = choice;
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(choice);
    });
    return option;
  }

  private step(by: number): void {
    const count = this.list.childElementCount;
    this.at = (this.at + by + count) % count;
    [...this.list.children].forEach((option, at) => {
      option.ariaSelected = at === this.at ? "true" : "false";
    });
    const chosen = this.list.children[this.at];
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
  }

  private take(choice: string): void {
    const { before } = this.piece();
    this.input.value = before + choice + (this.column.separator ?? "");
    this.close();
    this.input.focus();
    if (this.column.separator) this.offer();
  }

  private close(): void {
    this.unfollow?.();
    this.unfollow = null;
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
  }
}
