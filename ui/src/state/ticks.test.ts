import { expect, test } from "vitest";
import type { PlanPlace } from "../bindings/engine";
import { stillTicked, ticking } from "./ticks";

const place = (place: number, row: number | null, key = "", action: PlanPlace["action"] = "update"): PlanPlace => ({
  place,
  row,
  key,
  action,
});

test("whoever is ticked stays ticked in another plan, where they stand in it", () => {
  const ticked = ticking(new Map(), [place(0, 7), place(1, 8), place(2, null, "gone")], true);
  const next = [place(0, 5), place(3, 7), place(4, null, "gone", "deactivate"), place(5, null, "other")];
  const still = stillTicked(ticked, next);
  expect([...still.values()]).toEqual([place(3, 7), place(4, null, "gone", "deactivate")]);
  expect(ticking(still, [place(3, 7)], false).size).toBe(1);
});

test("who has no row is told from others by the key, and a key that is a number is no row", () => {
  const ticked = ticking(new Map(), [place(0, null, "7")], true);
  expect(stillTicked(ticked, [place(0, 7, "x")]).size).toBe(0);
});
