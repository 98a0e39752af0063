import type { Finding } from "../bindings/engine";
import { query } from "./ask";
import { frame } from "./frame.svelte";
import { roster } from "./roster.svelte";

const RANK = { error: 0, warning: 1, note: 2 };

/** Shows the fix for the cell under the cursor. */
export async function fixCell(): Promise<void> {
  const findings = await findingsHere();
  if (!findings) return;
  const fixable = findings.find((finding) => finding.fix);
  if (fixable) frame.open({ kind: "fix", scope: scopeOf(fixable) });
  else if (findings.length > 0) frame.tell("This problem has no ready fix. Type the right value.");
  else frame.tell("There is no problem in this cell.");
}

/** Shows the page of the rule that has found something in the cell under the cursor. */
export async function explainCell(): Promise<void> {
  const first = (await findingsHere())?.[0];
  if (first) frame.open({ kind: "explain", rule: first.rule });
  else frame.tell("There is no problem in this cell.");
}

/** The fix of one finding, in its own cell only. */
export function scopeOf(finding: Finding) {
  return {
    rule: finding.rule,
    value: null,
    row: finding.row,
    column: finding.column,
    safe_only: false,
  };
}

export function gravest(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
}

async function findingsHere(): Promise<Finding[] | null> {
  if (!roster.cursor) return null;
  const { reply, failure } = await query("cell", roster.cursor);
  if (failure) frame.failure = failure;
  return reply ? gravest(reply.findings) : null;
}
