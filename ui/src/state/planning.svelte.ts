import type { Action, Failure, Gate, KitMade, PlanPeople, PlanPlace, PlanView, PolicyCard } from "../bindings/engine";
import { accounts } from "./accounts.svelte";
import { choose, query } from "./ask";
import { frame } from "./frame.svelte";
import { kits } from "./kits";
import { roster } from "./roster.svelte";
import { stillTicked, ticking, whoIs, type Ticks } from "./ticks";

const PAGE = 200;

/** What Plan & send shows: the plan under the chosen policies, the holds released, the kit made. */
class Planning {
  policies = $state.raw<Record<string, string>>({});
  only = $state<"changed" | "all">("changed");
  plan = $state.raw<PlanView | null>(null);
  /** Whether the plan may be sent, as the engine says with what was typed. */
  gate = $state.raw<Gate | null>(null);
  people = $state.raw<PlanPeople | null>(null);
  action = $state<Action | null>(null);
  search = $state("");
  failure = $state.raw<Failure | null>(null);
  /** What was typed to release each hold. */
  typed = $state<Record<string, string>>({});
  note = $state("");
  kit = $state.raw<KitMade | null>(null);
  /** People who were picked out to be sent alone. */
  ticked = $state.raw<Ticks>(new Map());
  /** The rows of whom the plan is about; null for everybody. */
  part = $state.raw<number[] | null>(null);
  private asked = 0;
  private gateAsked = 0;

  show(): void {
    frame.go("plan");
  }

  /** Plans anew under the policies as they stand. */
  async ask(): Promise<void> {
    const turn = ++this.asked;
    frame.waiting += 1;
    const rows = this.part === null ? {} : { rows: this.part };
    const { reply, failure } = await query("plan", { policies: this.policies, only: this.only, ...rows });
    const people = reply && (await query("plan_people", this.peopleOf(reply.id, 0))).reply;
    // Places of another plan are other people, and somebody may be ticked while it is made.
    let places: PlanPlace[] | null = null;
    while (reply && this.ticked.size > 0 && !places && turn === this.asked) {
      places = (await query("plan_places", { plan: reply.id, action: null, search: "" })).reply ?? [];
    }
    frame.waiting -= 1;
    if (turn !== this.asked) return;
    // All of it at once: nobody is ticked where another stood.
    if (places) this.ticked = stillTicked(this.ticked, places);
    // A number lets go of those whom it was typed for: of another plan they may be others.
    if (reply?.id !== this.plan?.id) this.typed = {};
    this.plan = reply;
    this.gate = reply?.gate ?? null;
    this.failure = failure;
    if (!reply) return;
    this.people = people;
    if (Object.keys(this.releases).length > 0 || this.ticked.size > 0) await this.askGate();
    if (turn === this.asked && Object.keys(this.policies).length > 0) await roster.recount();
  }

  async askPeople(): Promise<void> {
    const request = this.peopleAsked(0);
    if (!request) return;
    const { reply } = await query("plan_people", request);
    if (reply && request.plan === this.plan?.id) this.people = reply;
  }

  async morePeople(): Promise<void> {
    const before = this.people;
    const request = before && this.peopleAsked(before.people.length);
    if (!request) return;
    const { reply } = await query("plan_people", request);
    // Asked anew meanwhile, they are of another plan or another search.
    if (!reply || this.people !== before) return;
    this.people = {
      ...reply,
      people: [...before.people, ...reply.people],
      places: [...before.places, ...reply.places],
    };
  }

  /** Whether people are sent one by one; a file goes as a whole. */
  get oneByOne(): boolean {
    return this.plan?.direct === true && !this.plan.drops_files;
  }

  tick(people: PlanPlace[], on: boolean): void {
    this.ticked = ticking(this.ticked, people, on);
    this.ticksChanged();
  }

  /** Of holds only those stop a push of some that are about somebody of them. */
  private ticksChanged(): void {
    if (this.oneByOne) void this.askGate();
  }

  isTicked(person: Pick<PlanPlace, "row" | "key">): boolean {
    return this.ticked.has(whoIs(person));
  }

  private get places(): number[] {
    return [...this.ticked.values()].map((one) => one.place);
  }

  /** Ticks everybody whom the filter shows, also those further down than was looked at. */
  async tickShown(): Promise<void> {
    const plan = this.plan?.id;
    if (!plan) return;
    const { reply, failure } = await query("plan_places", { plan, action: this.action, search: this.search });
    if (failure) frame.failure = failure;
    else if (plan === this.plan?.id) this.tick(reply, true);
  }

  /** Plans for those who are ticked alone, or for everybody else: each becomes a kit of its own. */
  async planPart(others: boolean): Promise<void> {
    const plan = this.plan?.id;
    if (!plan) return;
    const { reply, failure } = await query("plan_rows", { plan, places: this.places, others });
    if (failure) frame.failure = failure;
    else await this.planRows(reply);
  }

  async planRows(rows: number[] | null): Promise<void> {
    this.part = rows;
    this.untick();
    this.typed = {};
    await this.ask();
  }

  untick(): void {
    this.ticked = new Map();
    this.ticksChanged();
  }

  choose(policy: string, choice: string): void {
    this.policies = { ...this.policies, [policy]: choice };
    this.kit = null;
  }

  forget(): void {
    this.policies = {};
    this.only = "changed";
    this.plan = null;
    this.gate = null;
    this.people = null;
    this.action = null;
    this.search = "";
    this.failure = null;
    this.typed = {};
    this.note = "";
    this.kit = null;
    this.part = null;
    this.ticked = new Map();
  }

  /** Takes what was typed to release a hold. */
  async type(hold: string, text: string): Promise<void> {
    this.typed[hold] = text;
    await this.askGate();
  }

  /** Asks whether the plan may be sent with what is typed now. */
  private async askGate(): Promise<void> {
    const turn = ++this.gateAsked;
    const plan = this.plan?.id;
    if (plan === undefined) return;
    const { reply, failure } = await this.gateOf(plan, { first: null, ticked: this.oneByOne });
    if (turn !== this.gateAsked || plan !== this.plan?.id) return;
    if (reply) this.gate = reply;
    else if (failure.kind === "stale") void this.ask();
    else this.failure = failure;
  }

  /** Whether it may be sent to everybody, to the first so many, or to those who are ticked. */
  gateOf(plan: string, who: Sent) {
    const places = who.ticked ? this.places : [];
    return query("plan_gate", { plan, releases: this.releases, places, first: who.first });
  }

  /** Whether a choice has to be made first. */
  isOpen(policy: string): boolean {
    return this.gate?.open.includes(policy) === true;
  }

  get mayMakeKit(): boolean {
    return this.gate?.may_be_sent === true && this.plan?.direct === false;
  }

  get maySend(): boolean {
    return this.gate?.may_be_sent === true && this.plan?.direct === true;
  }

  /** The numbers that were typed, by hold; what is no number releases nothing. */
  private get releases(): Record<string, number> {
    const held = (this.plan?.guards ?? []).filter((guard) => guard.held);
    const typed = held.map(({ id }): [string, string] => [id, this.typed[id]?.trim() ?? ""]);
    return Object.fromEntries(
      typed.filter(([, text]) => /^\d{1,9}$/.test(text)).map(([id, text]) => [id, Number(text)]),
    );
  }

  /** Writes the plan down as a push: all of it, the first so many people, or those who are ticked. Nothing is sent yet. */
  async freeze(who: Sent, untried: boolean) {
    const plan = this.plan?.id ?? "";
    const places = who.ticked ? this.places : [];
    const frozen = await query("freeze_push", {
      plan,
      releases: this.releases,
      note: this.note,
      first: who.first,
      only: [],
      places,
      untried,
    });
    if (frozen.reply) {
      this.ticked = new Map();
      this.typed = {};
      this.note = "";
      void this.askGate();
    } else if (frozen.failure.kind === "stale") void this.ask();
    return frozen;
  }

  async makeKit(): Promise<void> {
    const plan = this.plan;
    if (!plan || !this.mayMakeKit) return;
    const chosen = await choose({
      what: "folder",
      title: "Where should the upload kit go?",
      begin: kits.near(roster.job?.file ?? ""),
    });
    if (!chosen) return;
    const parent = kits.beside(chosen);
    frame.waiting += 1;
    const { reply, failure } = await query("make_kit", {
      plan: plan.id,
      folder: within(parent, kitName()),
      releases: this.releases,
      note: this.note,
    });
    frame.waiting -= 1;
    if (failure) {
      frame.failure = failure;
      if (failure.kind === "stale") void this.ask();
      return;
    }
    this.kit = reply;
    kits.remember(parent, reply.folder);
    accounts.learned();
    // Its account has more to do by hand now.
    void roster.recount();
    frame.dismiss();
    frame.say(`The upload kit is ready: ${reply.files.length} files.`);
  }

  private peopleAsked(first: number) {
    return this.plan && this.peopleOf(this.plan.id, first);
  }

  private peopleOf(plan: string, first: number) {
    return { plan, action: this.action, search: this.search, first, count: PAGE };
  }
}

/** Whether something is to be chosen from; anything else is written. */
export function isChoice(policy: PolicyCard): boolean {
  return policy.takes === "choice" || policy.takes === "column";
}

/** Who is sent of a plan. */
interface Sent {
  first: number | null;
  ticked: boolean;
}

let lastKit = "";
let kitsOfLast = 1;

/** Two kits may be made in one second. */
function kitName(): string {
  const name = kitNow();
  kitsOfLast = name === lastKit ? kitsOfLast + 1 : 1;
  lastKit = name;
  return kitsOfLast === 1 ? name : `${name} (${kitsOfLast})`;
}

function kitNow(): string {
  const own = (roster.job?.name ?? "people").replace(/\.[a-z]+$/i, "").replace(/[\\/:*?"<>|]/g, " ");
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, "0");
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${own} upload ${date} ${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

function within(folder: string, name: string): string {
  const separator = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

export const planning = new Planning();
