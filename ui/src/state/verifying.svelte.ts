import type { Failure, Progress, VerificationOf, Verified } from "../bindings/engine";
import { choose, query } from "./ask";
import { frame } from "./frame.svelte";
import { ROSTERS } from "./file-types";
import { outbox } from "./outbox.svelte";
import { planning } from "./planning.svelte";
import { roster } from "./roster.svelte";
import { fileName } from "./words";

/** A fresh export beside what an upload was to bring about. */
class Verifying {
  of = $state.raw<VerificationOf | null>(null);
  path = $state("");
  verified = $state.raw<Verified | null>(null);
  failure = $state.raw<Failure | null>(null);
  progress = $state.raw<Progress | null>(null);
  busy = $state(false);
  /** Grows with each proof, for whoever shows them. */
  made = $state(0);
  private timer: ReturnType<typeof setTimeout> | undefined;

  open(of: VerificationOf): void {
    this.of = of;
    this.path = "";
    this.verified = null;
    this.failure = null;
    frame.open({ kind: "proof" });
  }

  get name(): string {
    return fileName(this.path);
  }

  async choose(): Promise<void> {
    const path = await choose({ what: "file", title: "The export of afterwards", kinds: [ROSTERS] });
    if (path) await this.read(path);
  }

  async read(path: string): Promise<void> {
    const of = this.of;
    if (!of || this.busy) return;
    this.path = path;
    this.verified = null;
    this.failure = null;
    const { reply, failure } = await this.wait(() => query("prove", { of, path }));
    // Stopping is what the person asked for.
    this.failure = failure?.kind === "cancelled" ? null : failure;
    this.verified = reply;
    if (!reply) return;
    this.made += 1;
    const { as_planned, of: all, people_unseen } = reply.proof;
    const unseen = people_unseen === 0 ? "" : `, ${people_unseen} cannot be seen`;
    frame.say(`${as_planned} of ${all} as planned${unseen}.`);
    if (of.kind === "push") void outbox.load();
  }

  async keep(): Promise<void> {
    const { of, path, name, verified } = this;
    if (!of || !verified || this.busy) return;
    const { reply, failure } = await this.wait(() => query("keep_proved", { of, path, sha256: verified.sha256 }));
    this.failure = failure;
    if (!reply) return;
    frame.close();
    planning.kit = null;
    roster.take(reply);
    frame.tell(`\`${name}\` is the snapshot now. Changes are counted from it.`);
  }

  stop(): void {
    if (this.busy) void query("cancel", null);
    else frame.close();
  }

  private async wait<T>(does: () => Promise<T>): Promise<T> {
    this.busy = true;
    this.timer = setTimeout(() => void this.poll(), 250);
    const answer = await does();
    clearTimeout(this.timer);
    this.busy = false;
    this.progress = null;
    return answer;
  }

  private async poll(): Promise<void> {
    const { reply } = await query("progress", null);
    if (!this.busy) return;
    this.progress = reply;
    this.timer = setTimeout(() => void this.poll(), 250);
  }
}

export const verifying = new Verifying();
