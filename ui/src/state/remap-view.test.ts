import { expect, test } from "vitest";
import type { View } from "../bindings/engine";
import { remapView } from "./remap-view";

const view: View = {
  show: "all",
  search: "",
  rule: null,
  value: { column: 2, value: "Sales" },
  sort: { column: 1, descending: true },
};

test("a view follows the columns that it names", () => {
  const moved = remapView(view, ["a", "b", "c"], ["c", "a", "new", "b"]);
  expect(moved.value).toEqual({ column: 0, value: "Sales" });
  expect(moved.sort).toEqual({ column: 3, descending: true });
});

test("what it says of a column that is gone is forgotten", () => {
  const left = remapView(view, ["a", "b", "c"], ["a", "c"]);
  expect(left.sort).toBeNull();
  expect(left.value).toEqual({ column: 1, value: "Sales" });
});

test("a column of another name in the same place is the same column", () => {
  expect(remapView(view, ["a", "b", "c"], ["a", "B", "c"])).toEqual(view);
});

test("of two columns of one name each stays itself", () => {
  expect(remapView(view, ["a", "b", "b"], ["b", "a", "b"]).value?.column).toBe(2);
});
