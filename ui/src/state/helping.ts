import { query } from "./ask";
import { gravest } from "./fixing";
import { frame } from "./frame.svelte";
import { roster } from "./roster.svelte";

/** Opens the help that there is for what is shown: of the problem in the cell, else of the LMS, else the keys. */
export async function help(): Promise<void> {
  const rule = frame.place === "edit" ? await ruleHere() : null;
  if (rule) return frame.open({ kind: "explain", rule });
  if (roster.job && roster.job.profile.id !== "generic") return frame.open({ kind: "guide" });
  frame.open({ kind: "shortcuts" });
}

/** The rule of a problem that has the keys in the side pane, or of the gravest in the cell under the cursor. */
async function ruleHere(): Promise<string | null> {
  const card = document.activeElement?.closest<HTMLElement>("[data-rule]");
  if (card?.dataset.rule) return card.dataset.rule;
  if (!roster.cursor) return null;
  const { reply } = await query("cell", roster.cursor);
  return gravest(reply?.findings ?? [])[0]?.rule ?? null;
}
