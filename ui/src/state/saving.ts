import type { OrderState } from "../bindings/engine";
import type { Kind } from "../engine";
import { ask, choose, query } from "./ask";
import { frame } from "./frame.svelte";
import { CSV, JSON_FILE, PAGE, XLS, XLSX } from "./file-types";
import { roster } from "./roster.svelte";
import { fileName } from "./words";

export function saveCopy(): Promise<void> {
  return save("save_copy", "Save a copy of the list", `${stem()} edited.csv`, [CSV, XLSX, XLS]);
}

/** A workbook in which every cell is a text: Excel takes no zeros and turns nothing into a day or a formula. */
export function saveForExcel(): Promise<void> {
  return save("save_copy", "Save a copy to open in Excel", `${stem()} for Excel.xlsx`, [XLSX]);
}

/** The name of the open file without its ending. */
function stem(): string {
  const own = fileName(roster.job?.file ?? "people.csv");
  const dot = own.lastIndexOf(".");
  return dot > 0 ? own.slice(0, dot) : own;
}

export function saveReport(): Promise<void> {
  return save("problem_report", "Save a problem report", "problems.xlsx", [XLSX, PAGE, CSV]);
}

export type TemplateForm = "xlsx" | "csv";

/** Saves an empty file of an LMS's form where the person says; null if it was not saved. */
export async function saveTemplate(
  profile: string,
  form: TemplateForm,
): Promise<{ path: string; name: string; about: string } | null> {
  const title = "Save a new list";
  const kinds = form === "xlsx" ? [XLSX] : [CSV];
  const path = await choose({ what: "save", title, suggested: `new people.${form}`, kinds });
  // The system's dialog has asked already whether a file of this name may be replaced.
  const saved = path ? await ask("make_template", { profile, path, replace: true }) : null;
  return saved && { ...saved, name: fileName(saved.path) };
}

/** Writes the open roster in another LMS's form where the person says; null if it was not written. */
export async function saveConverted(
  profile: string,
  ending: string,
): Promise<{ path: string; name: string; about: string } | null> {
  const kinds = [CSV, XLSX, XLS].filter((kind) => kind.endings.includes(ending));
  const suggested = `${stem()} for ${profile}.${ending}`;
  const path = await choose({ what: "save", title: "Save the converted list", suggested, kinds });
  // The system's dialog has asked already whether a file of this name may be replaced.
  const saved = path ? await ask("convert", { profile, path, replace: true }) : null;
  return saved && { ...saved, name: fileName(saved.path) };
}

/** Saves what became of a push: the whole receipt, or a table of people, all or those with one outcome. */
export async function saveReceipt(id: number, what: OrderState | "all" | "whole"): Promise<void> {
  const whole = what === "whole";
  const suggested = `push ${id} ${whole ? "receipt.json" : `${what === "all" ? "people" : what}.csv`}`;
  const path = await choose({ what: "save", title: "Save the receipt", suggested, kinds: [whole ? JSON_FILE : CSV] });
  const outcome = what === "all" || what === "whole" ? null : what;
  // The system's dialog has asked already whether a file of this name may be replaced.
  const saved = path ? await ask("save_receipt", { id, path, outcome, replace: true }) : null;
  if (saved) frame.tell(`Saved \`${fileName(saved.path)}\`: ${saved.about}.`);
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
  const { reply, failure } = await query(name, { path, replace: true });
  frame.waiting -= 1;
  if (failure) frame.failure = failure;
  else frame.tell(`Saved \`${fileName(reply.path)}\`: ${reply.about}.`);
}
