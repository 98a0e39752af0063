import { expect, test } from "vitest";
import type { MappedColumn } from "../bindings/engine";
import { choosing, chosenOf, saidAnew } from "./matching";

function column(at: number, part: Partial<MappedColumn>): MappedColumn {
  return {
    column: at,
    name: `c${at}`,
    used: null,
    how: null,
    sure: true,
    evidence: "",
    samples: [],
    filled: 0,
    ...part,
  };
}

const COLUMNS = [
  column(0, { used: { as: "field", field: "email" }, how: "name" }),
  column(1, { used: { as: "field", field: "username" }, how: "similar", sure: false }),
  column(2, {}),
];

test("what stands is not said again, and a guess is confirmed by leaving it", () => {
  const chosen = COLUMNS.map((one) => chosenOf(one.used));
  expect(saidAnew(COLUMNS, chosen)).toEqual([{ column: 1, used: { as: "field", field: "username" } }]);
});

test("a guess that is refused is said to be nothing", () => {
  expect(saidAnew(COLUMNS, ["field:email", "", ""])).toEqual([{ column: 1, used: null }]);
});

test("a field has one column only", () => {
  const chosen = choosing(["field:email", "field:username", ""], 2, "field:email");
  expect(chosen).toEqual(["keep", "field:username", "field:email"]);
  expect(saidAnew(COLUMNS, chosen).map((one) => one.used)).toEqual([
    { as: "keep" },
    { as: "field", field: "username" },
    { as: "field", field: "email" },
  ]);
  expect(choosing(["leave", "", "leave"], 1, "leave")).toEqual(["leave", "leave", "leave"]);
});
