import type { JobView, LetStand, RealSaid, ValueGroup, Waiver } from "../bindings/engine";
import { ask } from "./ask";
import { frame } from "./frame.svelte";
import { roster } from "./roster.svelte";

/** "group", of the list of groups. */
export function oneOf(kind: string): string {
  return kind.replace(/ies$/, "y").replace(/s$/, "");
}

/** Where what was said is kept. */
export function kept(job: JobView | null): string {
  return job?.account ? `remembered for all files of ${job.account.name}` : "remembered with this list";
}

/** Says that a value is real though no list has it. */
export async function sayReal(real: RealSaid): Promise<void> {
  if (take(await ask("say_real", real))) {
    frame.tell(`\`${real.value}\` is a real ${oneOf(real.kind)}: ${kept(roster.job)}.`);
  }
}

export async function takeBackReal(real: RealSaid): Promise<void> {
  if (take(await ask("take_back_real", real))) frame.tell(`\`${real.value}\` is looked for on the list again.`);
}

/** Lets findings stand, with the reason. */
export async function letStand(what: LetStand): Promise<boolean> {
  if (!take(await ask("let_stand", what))) return false;
  frame.tell(`It stands: ${kept(roster.job)}. You find it at the end of the problems.`);
  return true;
}

/** Says that a person who may be known already is somebody new: nothing of the plan holds for them any more. */
export async function isSomebodyNew(rule: string, { column, value, row }: ValueGroup): Promise<void> {
  const person = row === null ? {} : { row };
  if (!take(await ask("let_stand", { rule, column, value, ...person, reason: "Somebody new" }))) return;
  frame.tell(`Somebody new: ${kept(roster.job)}. You find it at the end of the problems.`);
}

export async function takeBackStand(waiver: Waiver): Promise<void> {
  if (take(await ask("take_back_stand", waiver))) frame.tell("It is told again.");
}

function take(job: JobView | null): boolean {
  if (job) roster.take(job);
  return job !== null;
}
