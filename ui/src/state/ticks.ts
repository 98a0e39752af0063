import type { PlanPlace } from "../bindings/engine";

/** People who are ticked, by who they are: their places are those of one plan, and another has them elsewhere. */
export type Ticks = ReadonlyMap<string, PlanPlace>;

/** By what somebody is known in one plan and the next: their row, or the key of somebody who has none. */
export function whoIs({ row, key }: Pick<PlanPlace, "row" | "key">): string {
  return row === null ? `key ${key}` : `row ${row}`;
}

/** The same with some people ticked, or no longer. */
export function ticking(ticked: Ticks, people: PlanPlace[], on: boolean): Ticks {
  const all = new Map(ticked);
  for (const one of people) {
    if (on) all.set(whoIs(one), one);
    else all.delete(whoIs(one));
  }
  return all;
}

/** Those of them whom another plan is about too, where they stand in it. */
export function stillTicked(ticked: Ticks, places: PlanPlace[]): Ticks {
  return new Map(places.map((one): [string, PlanPlace] => [whoIs(one), one]).filter(([who]) => ticked.has(who)));
}
