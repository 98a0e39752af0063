import type { Commands } from "../bindings/commands";
import type { Progress, RowsSoFar } from "../bindings/engine";
import { call } from "../engine";
import type { Standing } from "../grid/grid";
import { query } from "./ask";
import { frame } from "./frame.svelte";
import { times } from "./words";

type Look = Commands["first_rows"]["request"];

/** A list that is open by then is shown at once, and nothing before it. */
const PATIENCE = 60;
const PAUSE = 200;
/** It is asked how far it is for the first time when that has been drawn. */
const POLL_FIRST = 20;
/** The first rows are waited for so long. */
const LOOKS = 300;
/** A list with as many rows is not open by the time that they are drawn. */
const LONG = 200;

/** A list that is being opened: what can be read of it already, and how far it has come. */
class Opening {
  /** The name of its file; null while none is being opened. */
  name = $state<string | null>(null);
  /** How many bytes, rows or people are done. */
  progress = $state.raw<Progress | null>(null);
  /** Its first rows, or all once they are read; null where none can be shown yet. */
  soFar = $state.raw<RowsSoFar | null>(null);
  /** Whether it takes long enough to be shown meanwhile. */
  isShown = $state(false);
  /** Somebody does not want it any more. */
  isLeft = $state(false);
  /** Says where somebody stands in these rows. */
  standing: (() => Standing | null) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;

  /** Whether another list may be opened now. */
  begin(name: string): boolean {
    if (this.name !== null) {
      frame.tell(`Muster is still reading \`${this.name}\`. Cancel that first.`);
      return false;
    }
    this.name = name;
    this.isLeft = false;
    return true;
  }

  /**
   * Asks for its first rows, if there is a file to look at, and then how far it is. Done when it may be opened: the rows of a
   * long one are on the screen by then, because opening it takes all that the machine has.
   */
  async watch(file: Look | null): Promise<void> {
    this.patience = setTimeout(() => this.show(), PATIENCE);
    if (!file) return;
    await Promise.race([this.look(file), pause(LOOKS)]);
    if ((this.soFar?.rows.length ?? 0) < LONG) return;
    this.show();
    await painted();
  }

  private show(): void {
    clearTimeout(this.patience);
    if (this.isShown) return;
    this.isShown = true;
    frame.go("edit");
    frame.say(this.soFar ? said(this.soFar) : `Reading ${this.name}.`);
    this.timer = setTimeout(() => void this.poll(), POLL_FIRST);
  }

  end(): void {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.name = null;
    this.isShown = false;
    this.progress = null;
    this.soFar = null;
    this.standing = null;
  }

  cancel(): void {
    this.isLeft = true;
    void call("cancel", null).catch(() => undefined);
  }

  private async look(file: Look): Promise<void> {
    const { reply } = await query("first_rows", file);
    if (!reply || this.name !== reply.name || this.soFar) return;
    this.soFar = reply;
    if (this.isShown) frame.say(said(reply));
  }

  private async poll(): Promise<void> {
    const name = this.name;
    // What is wrong is told by the call that opens it.
    const progress = await query("progress", null);
    const all = await this.all();
    if (this.name === null || this.name !== name) return;
    this.progress = progress.reply;
    if (all?.name === name) {
      this.soFar = all;
      if (this.isShown) frame.say(said(all));
    }
    this.timer = setTimeout(() => void this.poll(), PAUSE);
  }

  /** All rows, once they are there; nothing more is asked then. */
  private async all(): Promise<RowsSoFar | null> {
    const known = this.soFar?.total ?? null;
    return known === null ? (await query("rows_so_far", { first: 0, count: 0 })).reply : null;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** When what was changed has been drawn; in a window that is not seen, after a moment. */
function painted(): Promise<void> {
  const frame = new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));
  return Promise.race([frame, pause(PAUSE)]);
}

/** What a screen reader is told of rows that can be read. */
function said({ name, total, rows }: RowsSoFar): string {
  if (total !== null) return `All ${times(total, "row")} of ${name} can be read. They are being checked.`;
  return `Reading ${name}. Its first ${times(rows.length, "row")} can be read already.`;
}

export const opening = new Opening();
