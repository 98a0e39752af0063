/** What letting a file go over the window does. */
export type Meant = "open" | "older" | "has" | "proof";

/** A place that takes files is marked so: `older` compares, `has` says what the LMS has now. */
const PLACES: readonly string[] = ["older", "has"] satisfies Meant[];

/** By the dialog that is open, and the mark of the place under the pointer. */
export function dropMeans(dialog: string | undefined, mark: string | undefined): Meant {
  // While an export is asked for, what is let go anywhere is that export.
  if (dialog === "proof") return "proof";
  if (dialog === "lms-has") return "has";
  return mark !== undefined && PLACES.includes(mark) ? (mark as Meant) : "open";
}
