import type { AccountView, JobView, View } from "../bindings/engine";
import { proposedName } from "./account-name";
import { ask, choose, query } from "./ask";
import { ACCOUNT } from "./file-types";
import { frame } from "./frame.svelte";
import { roster } from "./roster.svelte";
import { fileName } from "./words";

/** Accounts: what is true of one LMS of one company, as the engine last said it. */
class Accounts {
  list = $state.raw<AccountView[] | null>(null);
  /** Lists of which is known now what an account would keep. */
  private known = $state.raw<ReadonlySet<number>>(new Set());
  private declined = $state.raw<ReadonlySet<number>>(new Set());
  private unowned = $state.raw<ReadonlySet<number>>(new Set());

  async load(): Promise<void> {
    const { reply, failure } = await query("accounts", null);
    if (reply) this.list = reply;
    else frame.failure = failure;
  }

  /** Something came to be known of the LMS of the open list: what it has, or what was made for it. */
  learned(): void {
    // The sample has no file, and its people no LMS.
    if (roster.job && roster.job.file !== "") this.known = new Set([...this.known, roster.job.id]);
  }

  offers(job: JobView): boolean {
    const isOpen = job.account === null && !this.asksWhich(job) && job.snapshot !== null;
    return isOpen && this.known.has(job.id) && !this.declined.has(job.id);
  }

  decline(job: JobView): void {
    this.declined = new Set([...this.declined, job.id]);
  }

  /** Whether somebody has to say which account a list is of. */
  asksWhich(job: JobView): boolean {
    return job.account_fits.length > 0 && !this.unowned.has(job.id);
  }

  /** It is of none of those that there are, wherever it is looked at. */
  isOfNone(job: JobView): void {
    this.unowned = new Set([...this.unowned, job.id]);
  }

  /** What an account of the open list could be called. */
  async propose(job: JobView): Promise<string> {
    const FEW = 200;
    // By the way, and not all at once with what the page itself waits for.
    const accounts = await query("accounts", null);
    const rows = await query("rows", { view: EVERYBODY, first: 0, count: FEW });
    const cells = (rows.reply?.rows ?? []).flatMap((row) => row.cells);
    const lms = job.profile.id === "generic" ? "LMS" : (job.profile.name.split(" (")[0] ?? "LMS");
    return proposedName(
      lms,
      cells,
      (accounts.reply ?? []).map((one) => one.name),
    );
  }

  /** Says which account the open list is of; null for none. */
  async attach(account: number | null): Promise<boolean> {
    const job = await ask("attach", { account });
    if (!job) return false;
    roster.take(job);
    frame.tell(job.account ? `This list is of ${job.account.name}.` : "This list is of no account.");
    await this.load();
    return true;
  }

  /** Calls an account otherwise, or begins one of the open list. */
  async name(id: number | null, name: string): Promise<boolean> {
    const account = await ask("name_account", { id, name });
    if (!account) return false;
    await this.changed();
    frame.tell(id === null ? `${account.name} keeps what is known of this list.` : `It is called ${account.name} now.`);
    return true;
  }

  async tick(account: number, item: number, done: boolean): Promise<void> {
    if (await ask("tick_to_do", { account, item, done })) await this.changed();
  }

  /** Keeps somebody from being taken away unasked, or takes that back; answers whether it is so. */
  async protect(account: number, key: string, protect: boolean): Promise<boolean> {
    if (!(await ask("protect_person", { account, key, protect }))) return false;
    await this.changed();
    return true;
  }

  async hand(account: AccountView): Promise<void> {
    const suggested = `${account.name.replace(/[\\/:*?"<>|]/g, "-")}.muster-account`;
    const path = await choose({ what: "save", title: "Export the account", suggested, kinds: [ACCOUNT] });
    // The system's dialog has asked already whether a file of this name may be replaced.
    const saved = path ? await ask("export_account", { id: account.id, path, replace: true }) : null;
    if (saved)
      frame.tell(
        `Saved \`${fileName(saved.path)}\`: ${saved.about}. Nobody else can read it, and no password is in it.`,
      );
  }

  /** Takes one over; answers with the file where its name is here already, so that somebody says what is to become of it. */
  async takeOver(path: string | null, name: string | null, replace: boolean): Promise<string | null> {
    const title = "An account that was handed over";
    const from = path ?? (await choose({ what: "file", title, kinds: [ACCOUNT] }));
    if (!from) return null;
    frame.waiting += 1;
    const { reply, failure } = await query("import_account", { path: from, name, replace });
    frame.waiting -= 1;
    if (failure) {
      if (failure.what.startsWith("there is an account")) return from;
      frame.failure = failure;
      return null;
    }
    await this.changed();
    frame.tell(`${reply.name} is taken over.`);
    return null;
  }

  async forget(account: AccountView): Promise<void> {
    await ask("forget_account", { id: account.id });
    await this.changed();
  }

  private async changed(): Promise<void> {
    await this.load();
    if (roster.job) await roster.refresh(roster.job.id);
  }
}

const EVERYBODY: View = { show: "all", search: "", rule: null, value: null, sort: null };

export const accounts = new Accounts();
