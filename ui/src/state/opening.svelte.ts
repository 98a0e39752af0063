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

  /** Asks for its first rows, if there is a file to look at, and then how far it is. */
  watch(file: Look | null): void {
    if (file) void this.look(file);
    this.patience = setTimeout(() => {
      void this.poll();
      this.isShown = true;
      frame.go("edit");
      frame.say(this.soFar ? said(this.soFar) : `Reading ${this.name}.`);
    }, PATIENCE);
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

/** What a screen reader is told of rows that can be read. */
function said({ name, total, rows }: RowsSoFar): string {
  if (total !== null) return `All ${times(total, "row")} of ${name} can be read. They are being checked.`;
  return `Reading ${name}. Its first ${times(rows.length, "row")} can be read already.`;
}

export const opening = new Opening();
