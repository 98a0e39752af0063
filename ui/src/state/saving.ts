import type { Kind } from "../engine";
import { choose, look } from "./ask";
import { frame } from "./frame.svelte";
import { CSV, XLSX } from "./kinds";
import { roster } from "./roster.svelte";
import { fileName } from "./words";

export function saveCopy(): Promise<void> {
  const own = fileName(roster.job?.file ?? "people.csv");
  const dot = own.lastIndexOf(".");
  const stem = dot > 0 ? own.slice(0, dot) : own;
  return save("save_copy", "Save a copy of the list", `${stem} edited.csv`, [CSV]);
}

export function saveReport(): Promise<void> {
  return save("problem_report", "Save a problem report", "problems.xlsx", [XLSX, CSV]);
}

async function save(
  name: "save_copy" | "problem_report",
  title: string,
  suggested: string,
  kinds: Kind[],
): Promise<void> {
  const path = await choose({ what: "save", title, suggested, kinds });
  // The system's dialog has asked already whether a file of this name may be replaced.
  if (path) await write(name, path);
}

async function write(name: "save_copy" | "problem_report", path: string): Promise<void> {
  frame.waiting += 1;
  const { reply, failure } = await look(name, { path, replace: true });
  frame.waiting -= 1;
  if (failure) frame.failure = failure;
  else frame.tell(`Saved \`${fileName(reply.path)}\`: ${reply.about}.`);
}
