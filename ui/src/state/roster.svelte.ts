import type {
  CellEdit,
  Edited,
  FileNotice,
  Fill,
  Find,
  FindWhat,
  FixScope,
  JobView,
  MergeCorrected,
  MapValues,
  Problems,
  ReadAs,
  RecipeRun,
  Revert,
  Rows,
  UseColumn,
  View,
} from "../bindings/engine";
import type { Commands } from "../bindings/commands";
import type { Standing } from "../grid/grid";
import { PAGE } from "../grid/pages";
import { ask, query } from "./ask";
import { opening } from "./opening.svelte";
import { remapView } from "./remap-view";
import { frame } from "./frame.svelte";
import { cells, done, fileName } from "./words";

interface Place {
  row: number;
  column: number;
}

/** What the grid lets others do with it. */
interface GridHandle {
  focus(): void;
  goTo(index: number, column: number | null): void;
  edit(typed?: string | null): void;
  clear(): Promise<void>;
  /** Writes what is being typed. */
  finish(): void;
  selectedRows(): Promise<number[]>;
  copy(): Promise<void>;
  cut(): Promise<void>;
  paste(text: string): Promise<void>;
  fillDown(): Promise<void>;
}

const ALL: View = { show: "all", search: "", rule: null, value: null, sort: null };

/** The open roster, as the engine last said it stands. */
class Roster {
  job = $state.raw<JobView | null>(null);
  problems = $state.raw<Problems | null>(null);
  view = $state.raw<View>(ALL);
  /** How many people the view shows. */
  shown = $state(0);
  cursor = $state.raw<Place | null>(null);
  /** The column that the Column pane shows; the one under the cursor if none was chosen. */
  column = $state<number | null>(null);
  /** Grows whenever cells, findings or the reading may have changed; panes that depend on them ask again. */
  change = $state(0);
  gridHandle: GridHandle | null = null;
  /** Where the grid of a list that was just opened begins, as somebody stood in its rows before; null for the top. */
  begins: Standing | null = null;
  /** Its first rows, which were asked for before it was shown. */
  fetched: Rows | null = null;
  /** The problems are on their way. */
  private grouping: Promise<void> | null = null;
  /** They are to be asked for again. */
  private due = false;
  /** The last edit that was asked for, until it is done. */
  private writing: Promise<unknown> = Promise.resolve();

  /** How several values are joined in the column of this name; null where a cell holds one. */
  separatorOf(name: string): string | null {
    return this.job?.columns.find((column) => column.name === name)?.separator ?? null;
  }

  /** Makes a job the open one, from its beginning. */
  begin(job: JobView | null): boolean {
    if (!job) return false;
    this.view = ALL;
    this.cursor = null;
    this.problems = null;
    this.take(job);
    frame.close();
    frame.tab = "problems";
    frame.go("edit");
    frame.say(`${job.name} is open: ${job.people} people.`);
    return true;
  }

  /** What the engine says of the open job now. */
  take(job: JobView): void {
    const before = this.job?.id === job.id ? this.job.columns.map((c) => c.name) : null;
    const after = job.columns.map((c) => c.name);
    if (before && before.join("\n") !== after.join("\n")) {
      this.applyView(remapView(this.view, before, after));
      this.column = null;
      if (this.cursor && this.cursor.column >= after.length) this.cursor = null;
    }
    this.job = job;
    this.change += 1;
    this.askProblemsLater();
  }

  /** What an edit changed of the job that is known, or the whole of it. */
  private takeChange({ job, change }: Edited): void {
    if (job) this.take(job);
    if (job || !this.job) return;
    const other = new Map(change.columns.map((column) => [column.column, column]));
    const columns = this.job.columns.map((card) => ({ ...card, ...other.get(card.column) }));
    this.take({ ...this.job, ...change, columns });
  }

  /** Once the rows have been asked for: what was typed is painted first. */
  private askProblemsLater(): void {
    requestAnimationFrame(() => void this.askProblems());
  }

  /** As they are by the last change: what changes while they are on their way is asked for once, however much it is. */
  private async askProblems(): Promise<void> {
    this.due = true;
    if (this.grouping) return this.grouping;
    this.grouping = this.groupProblems();
    await this.grouping;
  }

  private async groupProblems(): Promise<void> {
    try {
      while (this.due) {
        this.due = false;
        const id = this.job?.id;
        const { reply } = await query("problems", null);
        if (reply && id === this.job?.id) this.problems = reply;
      }
    } finally {
      this.grouping = null;
    }
  }

  /** Choosing a policy may let other rules speak: asks for the counts and problems again. Cells stay as they are. */
  async recount(): Promise<void> {
    const { reply } = await query("job", null);
    if (!reply || reply.id !== this.job?.id) return;
    this.job = reply;
    await this.askProblems();
  }

  /** Looks anew at the open roster, if it is this job's: something was done with it elsewhere. */
  async refresh(job: number | null): Promise<void> {
    if (this.job === null || this.job.id !== job) return;
    const { reply } = await query("job", null);
    if (reply && reply.id === job) this.take(reply);
  }

  async openFile(path: string, profile: string | null = null): Promise<boolean> {
    const file = { path, profile, reading: AS_FOUND };
    return this.arrive(fileName(path), file, () => ask("open", file));
  }

  /** Opens a list, and shows what can be read of it meanwhile. The list before stays open where that does not work. */
  private async arrive(
    name: string,
    file: Commands["first_rows"]["request"] | null,
    open: () => Promise<JobView | null>,
  ): Promise<boolean> {
    const place = frame.place;
    // What is being typed in the list before is written there, and not in this one.
    this.gridHandle?.finish();
    if (!opening.begin(name)) return false;
    await this.writing;
    await opening.watch(file);
    // Whoever left it by then has nothing opened.
    if (opening.isLeft) frame.tell("Stopped. Nothing was changed.");
    const job = opening.isLeft ? null : await open();
    // What stands where people look is there at once when the one takes the place of the other.
    const begins = opening.standing?.() ?? null;
    const first = PAGE * Math.floor((begins?.top ?? 0) / PAGE);
    const fetched = job && (await query("rows", { view: ALL, first, count: PAGE })).reply;
    opening.end();
    this.begins = job && begins;
    this.fetched = fetched;
    if (!job && frame.place === "edit") frame.go(place);
    return this.begin(job);
  }

  async openSample(): Promise<boolean> {
    return this.begin(await ask("open_sample", null));
  }

  async openPasted(text: string): Promise<boolean> {
    return this.begin(await ask("open_pasted", { text }));
  }

  /** Another program has changed the open file, or has put it back as it was. */
  noticeFile(notice: FileNotice | null): void {
    if (!this.job || this.job.file_notice?.says === notice?.says) return;
    this.job = { ...this.job, file_notice: notice };
    if (notice) frame.say(notice.says);
  }

  /** The list as it is here is the one that counts; its file may be replaced again. */
  async keepMine(): Promise<void> {
    const job = await ask("keep_mine", null);
    if (!job) return;
    this.take(job);
    frame.tell("You go on with your list. The file is as the other program left it until you save over it.");
  }

  /** Opens the file of the open list as it is now; the steps stay with the list as it was. */
  async takeOver(): Promise<boolean> {
    return this.job !== null && this.openFile(this.job.file, this.job.profile.id);
  }

  async lookOnly(only: boolean): Promise<void> {
    const job = await ask("look_only", { only });
    if (!job) return;
    this.take(job);
    frame.tell(only ? "Nothing of this list can be changed now." : "The list can be changed again.");
  }

  async openJob(id: number, name: string): Promise<boolean> {
    return this.arrive(name, null, () => ask("open_job", { id }));
  }

  async reopen(reading: ReadAs): Promise<boolean> {
    return this.begin(await ask("reopen", reading));
  }

  async leave(): Promise<void> {
    await ask("close", null);
    this.job = null;
    this.problems = null;
    this.cursor = null;
    frame.go("home");
  }

  async chooseProfile(id: string): Promise<void> {
    const job = await ask("choose_profile", { id });
    if (!job) return;
    this.take(job);
    frame.tell(`Read as ${job.profile.id === "generic" ? "a list of no known LMS" : job.profile.name}.`);
  }

  /** By which connection it is sent; null for the upload kit. */
  async sendBy(connection: number | null): Promise<boolean> {
    const job = await ask("send_by", { connection });
    if (job) this.take(job);
    return job !== null;
  }

  async setMapping(uses: UseColumn[]): Promise<void> {
    const job = await ask("set_mapping", uses);
    if (!job) return;
    this.take(job);
    frame.tell("The columns are read so from now on.");
  }

  async unlockKey(unlocked: boolean): Promise<void> {
    const job = await ask("unlock_key", { unlocked });
    if (!job) return;
    this.take(job);
    frame.tell(unlocked ? "The key can be edited now." : "The key is locked again.");
  }

  async setList(kind: string, path: string | null, text: string | null): Promise<boolean> {
    const job = await ask("set_list", { kind, path, column: null, text });
    if (job) this.take(job);
    return job !== null;
  }

  /** Takes headers and lists from the LMS's own template; with no path, forgets them. */
  async learnTemplate(path: string | null): Promise<boolean> {
    const job = await ask("learn_template", { path });
    if (job) this.take(job);
    return job !== null;
  }

  /** Changes cells. True once they are on disk. */
  async edit(edits: CellEdit[]): Promise<boolean> {
    // It would be made in the list that is being opened.
    if (opening.name !== null) return false;
    const edited = ask("edit", edits);
    this.writing = edited;
    return this.made(await edited, "quiet");
  }

  async insertPerson(after: number | null): Promise<void> {
    const edited = await ask("insert_person", { after });
    if (this.made(edited, "quiet") && edited) await this.goToRow(edited.added[0] ?? null);
  }

  async duplicatePeople(rows: number[]): Promise<void> {
    const edited = await ask("duplicate_people", rows);
    if (this.made(edited, "tell") && edited) await this.goToRow(edited.added[0] ?? null);
  }

  async deletePeople(rows: number[]): Promise<void> {
    this.made(await ask("delete_people", rows), "tell");
  }

  async applyFix(scope: FixScope): Promise<boolean> {
    return this.made(await ask("apply_fix", scope), "tell");
  }

  async applySafeFixes(): Promise<boolean> {
    return this.made(await ask("apply_safe_fixes", null), "tell");
  }

  async fill(how: Fill): Promise<boolean> {
    return this.made(await ask("fill", how), "tell");
  }

  async mergeCorrected(what: MergeCorrected): Promise<boolean> {
    return this.made(await ask("merge_corrected", what), "tell");
  }

  async mapValues(asked: MapValues): Promise<boolean> {
    return this.made(await ask("map_values", asked), "tell");
  }

  async mapRemembered(): Promise<boolean> {
    return this.made(await ask("map_remembered", null), "tell");
  }

  async runRecipe(path: string): Promise<RecipeRun | null> {
    const run = await ask("run_recipe", { path });
    if (run) this.take(run.job);
    return run;
  }

  async revert(what: Revert): Promise<boolean> {
    return this.made(await ask("revert", what), "tell");
  }

  async restore(id: number): Promise<boolean> {
    return this.made(await ask("restore", { kind: "snapshot", id }), "tell");
  }

  async undo(): Promise<void> {
    const sentence = this.job?.undo;
    if (!sentence) return;
    const edited = await ask("undo", null);
    if (edited) {
      this.takeChange(edited);
      frame.tell(`Taken back: ${sentence}`);
    }
  }

  async redo(): Promise<void> {
    const sentence = this.job?.redo;
    if (!sentence) return;
    const edited = await ask("redo", null);
    if (edited) {
      this.takeChange(edited);
      frame.tell(`Made again: ${sentence}`);
    }
  }

  private made(edited: Edited | null, how: "quiet" | "tell"): boolean {
    if (!edited) return false;
    this.takeChange(edited);
    if (edited.refused) frame.tell(edited.refused, edited.cells > 0);
    else if (how === "tell") {
      const what = edited.cells > 0 ? `${cells(edited.cells)} changed.` : `${done(edited.sentence)}.`;
      frame.tell(what, true);
    }
    return true;
  }

  setView(part: Partial<View>): void {
    this.applyView({ ...this.view, ...part });
  }

  showAll(): void {
    this.applyView({ ...ALL, sort: this.view.sort });
  }

  private applyView(view: View): void {
    if (JSON.stringify(view) !== JSON.stringify(this.view)) this.view = view;
  }

  /** Puts the cursor on the next problem, change, text, line or row; false if there is none. */
  async find(what: FindWhat, backwards = false): Promise<boolean> {
    const asked: Find = {
      view: this.view,
      from_row: this.cursor?.row ?? null,
      from_column: this.cursor?.column ?? null,
      backwards,
      what,
    };
    const { reply, failure } = await query("find", asked);
    if (failure) {
      frame.failure = failure;
      return false;
    }
    if (!reply) return false;
    frame.go("edit");
    // The grid stands only once its place has been drawn.
    requestAnimationFrame(() => this.gridHandle?.goTo(reply.index, reply.column));
    return true;
  }

  /** Shows a row wherever it is, leaving the filter if it hides that row. */
  async goToRow(row: number | null, column: number | null = null): Promise<void> {
    if (row === null) return;
    const here = await query("find", this.toRow(row));
    if (!here.reply) this.showAll();
    const found = here.reply ?? (await query("find", this.toRow(row))).reply;
    if (!found) return;
    frame.go("edit");
    requestAnimationFrame(() => this.gridHandle?.goTo(found.index, column ?? found.column));
  }

  private toRow(row: number): Find {
    return {
      view: this.view,
      from_row: null,
      from_column: null,
      backwards: false,
      what: { kind: "row", row },
    };
  }
}

const AS_FOUND: ReadAs = { encoding: null, delimiter: null, sheet: null, header: null, quotes: null, escape: null };

export const roster = new Roster();
