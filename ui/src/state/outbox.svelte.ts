import type { Failure, PushCard, PushState } from "../bindings/engine";
import { ask, query } from "./ask";
import { frame } from "./frame.svelte";
import { looked, pace, type Mark } from "./pace";
import { roster } from "./roster.svelte";
import { people, times } from "./words";

const OPEN: readonly PushState[] = ["waiting", "sending", "paused", "review"];
const POLL = 500;

/** Pushes: those that wait, the one that is being sent, and the receipts of the others. */
class Outbox {
  pushes = $state.raw<PushCard[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Whether History shows the outbox, and of it one push. */
  here = $state(false);
  shown = $state<number | null>(null);
  /** The push that was shown before. */
  left: number | null = null;
  /** The network has come back, and nobody has said yet what becomes of what waits. */
  back = $state(false);
  private marks = $state.raw<Record<number, Mark[]>>({});
  /** Those that this page is sending. */
  private mine = $state.raw<number[]>([]);
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  show(id: number | null): void {
    this.here = true;
    this.left = this.shown;
    this.shown = id;
    frame.go("history");
    void this.load();
  }

  by(id: number | null): PushCard | undefined {
    return this.pushes?.find((push) => push.id === id);
  }

  get open(): PushCard[] {
    return (this.pushes ?? []).filter(isOpen);
  }

  get waiting(): PushCard[] {
    return this.open.filter((push) => push.state === "waiting");
  }

  get sending(): PushCard | undefined {
    return this.pushes?.find((push) => this.isRunning(push));
  }

  /** It is being sent: from here, or by another window or the command. */
  isRunning(push: PushCard): boolean {
    return push.state === "sending" || this.mine.includes(push.id);
  }

  mayStop(push: PushCard): boolean {
    return push.progress !== null || this.mine.includes(push.id);
  }

  paceOf(push: PushCard) {
    return pace(this.marks[push.id] ?? [], all(push));
  }

  async load(): Promise<void> {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    const { reply, failure } = await query("outbox", null);
    if (turn !== this.turn) return;
    this.failure = failure;
    if (reply) {
      const before = this.sending;
      this.pushes = reply;
      // What this page does not send itself tells nobody when it is over.
      if (before && this.mine.length === 0 && !this.sending) void roster.refresh(before.job);
      const under = reply.filter((push) => this.isRunning(push));
      const at = performance.now();
      this.marks = Object.fromEntries(
        under.map((push) => [push.id, looked(this.marks[push.id] ?? [], { at, done: settled(push) })]),
      );
      if (under.length === 0) return;
    }
    this.timer = setTimeout(() => void this.load(), POLL);
  }

  /** The network is there again. Nothing is sent: the person is asked. */
  async online(): Promise<void> {
    await this.load();
    this.back = this.waiting.length > 0;
    if (this.back) frame.say(onlineAgain(this.waiting.length));
  }

  /** Sends what is left of a push, asking for the password or token where nobody knows it. */
  go(push: PushCard, again = false): void {
    if (push.has_secret) void this.send(push, null, again);
    else frame.open({ kind: "secret", push, again });
  }

  /** Takes as long as the LMS takes; the window goes on meanwhile. */
  async send(push: PushCard, secret: string | null, again = false): Promise<void> {
    this.back = false;
    if (again && !(await ask("retry_push", { id: push.id }))) return;
    this.mine = [...this.mine, push.id];
    void this.load();
    const { reply, failure } = await query("send", { id: push.id, secret });
    this.mine = this.mine.filter((id) => id !== push.id);
    await this.load();
    if (failure) {
      frame.failure = failure;
      return;
    }
    if (reply.job && reply.job.id === roster.job?.id) roster.take(reply.job);
    frame.tell(`Push ${reply.push.id}: ${reply.push.says}, ${cameTo(reply.push)}.`);
  }

  async stop(push: PushCard): Promise<void> {
    await query("stop_push", { id: push.id });
    await this.load();
  }

  cancel(push: PushCard): void {
    const sent = settled(push);
    frame.open({
      kind: "confirm",
      title: `Cancel push ${push.id}?`,
      text:
        push.started === null
          ? `${people(push.counts.waiting)} will not be sent, now or later. Nothing of it was sent.`
          : `${people(push.counts.waiting)} will not be sent any more. ${sent > 0 ? "What was sent already stays as it is in the LMS. " : ""}Where it was cut off, some of them may have been sent: go on instead, and the LMS is asked about them first.`,
      does: "Cancel the push",
      keeps: "Keep it",
      then: () => void ask("cancel_push", { id: push.id }).then(() => this.load()),
    });
  }

  /** Writes down what would undo a push, and shows it. */
  async takeBack(push: PushCard): Promise<void> {
    const back = await ask("way_back", { id: push.id });
    if (back) this.show(back.id);
  }
}

export const outbox = new Outbox();

export function isOpen(push: PushCard): boolean {
  return OPEN.includes(push.state);
}

export function onlineAgain(waiting: number): string {
  return `You are online again: ${times(waiting, "push waits", "pushes wait")}.`;
}

/** Everybody whom a push is to change. */
export function all(push: PushCard): number {
  return settled(push) + push.counts.waiting;
}

export function settled(push: PushCard): number {
  return push.counts.done + push.counts.refused + push.counts.unknown;
}

/** "410 of 412 people done, 2 refused". */
export function cameTo(push: PushCard): string {
  if (push.delivery)
    return push.counts.done > 0 ? `the file ${push.delivery.file} has arrived` : `the file ${push.delivery.file} waits`;
  const { done, refused, unknown } = push.counts;
  // Of a push that was cancelled, those who were still waiting are left out.
  const cancelled = push.state === "cancelled" ? push.counts.left_out : 0;
  const parts = [`${done} of ${people(all(push) + cancelled)} done`];
  if (cancelled > 0) parts.push(`${cancelled} left out`);
  if (refused > 0) parts.push(`${refused} refused`);
  if (unknown > 0) parts.push(`${unknown} unknown`);
  return parts.join(", ");
}

/** Where a push goes, as its connection was called. */
export function goesTo(push: PushCard): string {
  const address = push.connection.replace(/^[a-z-]+\+/, "");
  return push.connection_name ? `${push.connection_name} (${address})` : address;
}
