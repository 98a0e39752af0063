import type { GridColumn } from "./cell";

/** What stands at the head of a column: its name, its order, its lock, its problems. */
export function headerOf(column: GridColumn): HTMLElement {
  const all = document.createElement("span");
  all.className = "head";
  const name = document.createElement("span");
  name.className = "name";
  // EdApp's headers say of each column whether it is required; that is not its name.
  const [, words = "", aside = ""] = /^(.*?)(\s*\([^()]*\))?$/s.exec(column.name) ?? [];
  const remark = document.createElement("span");
  remark.className = "aside";
  remark.textContent = aside;
  name.append(words === "" && aside === "" ? "(no name)" : words, remark);
  all.append(name);
  if (column.sorted) all.append(signed("sort", column.sorted === "up" ? "▲" : "▼", `, sorted ${column.sorted}`));
  if (column.locked) all.append(signed("lock", "", ", locked"));
  if (column.problems > 0) {
    const count = column.problems > 999 ? "999+" : String(column.problems);
    all.append(signed(`count ${column.grade ?? "note"}`, count, `, ${column.problems} problems`));
  }
  return all;
}

function signed(name: string, sign: string, words: string): HTMLElement {
  const both = document.createElement("span");
  both.className = name;
  const shown = document.createElement("span");
  shown.ariaHidden = "true";
  shown.textContent = sign;
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = words;
  both.append(shown, said);
  return both;
}

/** The head of the column of line numbers. */
export function numberHead(text: string): HTMLElement {
  return signed("head", "#", text);
}
