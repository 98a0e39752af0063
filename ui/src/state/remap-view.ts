import type { View } from "../bindings/engine";

/** Where each column went: its new place by its old one, or null where it is gone. */
function places(before: string[], after: string[]): (number | null)[] {
  const taken = new Set<number>();
  return before.map((name) => {
    const at = after.findIndex((other, n) => other === name && !taken.has(n));
    if (at < 0) return null;
    taken.add(at);
    return at;
  });
}

/** A view after columns came, went or moved: it names its columns by their places. */
export function remapView(view: View, before: string[], after: string[]): View {
  const moved = places(before, after);
  const place = (column: number): number | null =>
    // One that was given another name in its place is still the same column.
    moved[column] ?? (before.length === after.length && !before.includes(after[column] ?? "") ? column : null);
  const sort = view.sort && place(view.sort.column);
  const value = view.value && place(view.value.column);
  return {
    ...view,
    sort: view.sort && sort !== null ? { ...view.sort, column: sort } : null,
    value: view.value && value !== null ? { ...view.value, column: value } : null,
  };
}
