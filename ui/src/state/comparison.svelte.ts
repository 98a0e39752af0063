import type { Against, Comparison, Failure } from "../bindings/engine";
import { choose, query } from "./ask";
import { frame } from "./frame.svelte";
import { ROSTERS } from "./file-types";
import { roster } from "./roster.svelte";

const PAGE = 200;

/** What Compare shows: the roster against a snapshot or a file. */
class ComparisonState {
  against = $state.raw<Against>({ kind: "last" });
  mark = $state<string | null>(null);
  search = $state("");
  shown = $state.raw<Comparison | null>(null);
  failure = $state.raw<Failure | null>(null);
  private asked = 0;

  with(against: Against): void {
    this.against = against;
    this.mark = null;
    this.search = "";
    this.shown = null;
    frame.go("compare");
  }

  async withFile(): Promise<void> {
    const path = await choose({ what: "file", title: "Choose the older file", kinds: [ROSTERS] });
    if (path) this.with({ kind: "file", path });
  }

  /** Asks anew; whatever is shown stays until the answer is there. */
  async ask(): Promise<void> {
    const turn = ++this.asked;
    frame.waiting += 1;
    const { reply, failure } = await query("compare", this.request(0));
    frame.waiting -= 1;
    if (turn !== this.asked) return;
    this.shown = reply;
    this.failure = failure;
  }

  async more(): Promise<void> {
    const before = this.shown;
    if (!before) return;
    const { reply } = await query("compare", this.request(before.changes.length));
    // Asked anew meanwhile, they are of another comparison.
    if (!reply || this.shown !== before) return;
    this.shown = { ...reply, changes: [...before.changes, ...reply.changes] };
  }

  /** The file it was compared with is no longer of interest once another job is open. */
  forget(): void {
    this.against = { kind: "last" };
    this.mark = null;
    this.search = "";
    this.shown = null;
    this.failure = null;
  }

  async revert(key: string | null, column: string | null): Promise<void> {
    await roster.revert({ against: this.against, key, column });
  }

  private request(first: number) {
    return { against: this.against, mark: this.mark, search: this.search, first, count: PAGE };
  }
}

export const comparison = new ComparisonState();
