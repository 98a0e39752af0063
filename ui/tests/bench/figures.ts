import { median } from "./frames";

/** One thing that was measured, as `muster-bench` takes it. */
export interface Figure {
  what: string;
  value: number;
  unit: "ms" | "frames" | "MiB" | "×" | "of all rows";
  /** At most. */
  target: number | null;
}

/** What was measured, round after round, by what it is. */
export class Figures {
  private readonly all = new Map<string, { values: number[]; unit: Figure["unit"]; target: number | null }>();

  add(what: string, value: number | null, unit: Figure["unit"], target: number | null = null): void {
    if (value === null) return;
    const known = this.all.get(what) ?? { values: [], unit, target };
    known.values.push(value);
    this.all.set(what, known);
  }

  /** The medians, in the order in which they were first told. */
  told(): Figure[] {
    return [...this.all].map(([what, { values, unit, target }]) => ({ what, value: median(values), unit, target }));
  }
}
