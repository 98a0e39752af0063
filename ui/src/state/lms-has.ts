import type { JobView, LmsHas } from "../bindings/engine";
import { accounts } from "./accounts.svelte";
import { ask, choose } from "./ask";
import { ROSTERS } from "./file-types";
import { frame } from "./frame.svelte";
import { roster } from "./roster.svelte";
import { age, day, people } from "./words";

/** What the LMS of a list is called, without what stands behind it in brackets. */
export function lmsOf(job: JobView): string {
  if (job.profile.id === "generic") return "the LMS";
  return job.profile.name.split(" (")[0] ?? "the LMS";
}

/** What the LMS has now, as it was said; null where nobody has said so yet. */
export function saidOf(job: JobView): string | null {
  const snapshot = job.snapshot;
  if (!snapshot) return null;
  if (snapshot.people === 0) return "nobody yet";
  return `the export of ${day(snapshot.at)}, ${people(snapshot.people)}, ${age(snapshot.at)}`;
}

/** Says what the LMS has now. */
export async function sayLmsHas(said: LmsHas): Promise<boolean> {
  const job = await ask("say_lms_has", said);
  if (!job) return false;
  roster.take(job);
  accounts.learned();
  frame.tell(`${begun(lmsOf(job))} has ${saidOf(job) ?? "what nobody has said yet"}. Changes are counted from it.`);
  return true;
}

/** The same with a file that is chosen now. */
export async function chooseLmsHas(): Promise<boolean> {
  const title = "What the LMS has now: its own export";
  const path = await choose({ what: "file", title, kinds: [ROSTERS] });
  return path ? sayLmsHas({ kind: "file", path }) : false;
}

/** Lets go of the snapshot that was said last. */
export async function removeSnapshot(): Promise<boolean> {
  const job = await ask("remove_snapshot", null);
  if (!job) return false;
  roster.take(job);
  const said = saidOf(job);
  frame.tell(said ? `Removed. ${begun(lmsOf(job))} has ${said} again.` : "Removed. Nobody has said what the LMS has.");
  return true;
}

/** As it begins a sentence. */
function begun(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
