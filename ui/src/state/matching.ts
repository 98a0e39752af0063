import type { MappedColumn, Use, UseColumn } from "../bindings/engine";

/** What a column is used as, as the choice of a list: `field:email`, `keep`, `leave`, or nothing. */
export function chosenOf(used: Use | null): string {
  if (!used) return "";
  return used.as === "field" ? `field:${used.field}` : used.as;
}

function useOf(chosen: string): Use | null {
  if (chosen.startsWith("field:")) return { as: "field", field: chosen.slice("field:".length) };
  return chosen === "keep" || chosen === "leave" ? { as: chosen } : null;
}

/** The choices after one more: a field has one column only, so that the other is one of its own again. Where `several`
 * may be one, as the key of a list of no LMS, they stay. */
export function choosing(chosen: string[], column: number, what: string, several: string | null = null): string[] {
  return chosen.map((other, at) => {
    if (at === column) return what;
    return what.startsWith("field:") && what !== several && other === what ? "keep" : other;
  });
}

/** What is new: guesses that are now confirmed, and whatever was chosen otherwise. What several columns are together is
 * said of all of them. */
export function saidAnew(columns: MappedColumn[], chosen: string[], several: string | null = null): UseColumn[] {
  const together = chosen.filter((what) => what === several).length > 1;
  return columns.flatMap((column, at) => {
    const what = chosen[at] ?? "";
    const stands = what === chosenOf(column.used) && column.sure && !(together && what === several);
    return stands ? [] : [{ column: column.column, used: useOf(what) }];
  });
}
