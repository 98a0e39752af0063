/** One rule that puts people into a group as they come in. */
export type AssignmentRule = { column: string; test: "is" | "contains" | "begins"; value: string; group: string };

const FORM = /^(.*?) (is|contains|begins) (.*?)\s*(?:->|→)\s*(.*)$/;

/** Rules as the engine keeps them: one a line, `Department is Sales -> Sales basics`. */
export function readRules(text: string): AssignmentRule[] {
  const by = text.trim().includes("\n") ? "\n" : ";";
  return text
    .split(by)
    .map((line) => FORM.exec(line.trim()))
    .filter((found) => found !== null)
    .map(([, column = "", test = "is", value = "", group = ""]) => ({
      column: column.trim(),
      test: test as AssignmentRule["test"],
      value: value.trim(),
      group: group.trim(),
    }));
}

/** Whether a rule says something yet. */
export function isWhole(rule: AssignmentRule): boolean {
  return [rule.column, rule.value, rule.group].every((part) => part.trim() !== "");
}

/** The rules that say something, as the engine keeps them. */
export function writeRules(rules: readonly AssignmentRule[]): string {
  return rules
    .filter(isWhole)
    .map((rule) => `${rule.column} ${rule.test} ${rule.value.trim()} -> ${rule.group.trim()}\n`)
    .join("");
}

/** The rules with one of them a place further up or down. */
export function moved(rules: readonly AssignmentRule[], at: number, by: -1 | 1): AssignmentRule[] {
  const to = at + by;
  const all = [...rules];
  const [rule] = all.splice(at, 1);
  if (rule && to >= 0 && to <= all.length) all.splice(to, 0, rule);
  else if (rule) all.splice(at, 0, rule);
  return all;
}
