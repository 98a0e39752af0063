import { expect, test } from "vitest";
import { copied, emptied, extent, filledDown, pasted } from "./blocks";
import type { GridColumn, GridRow } from "./cell";

function column(place: number, more: Partial<GridColumn> = {}): GridColumn {
  return {
    column: place,
    name: `c${place}`,
    title: "",
    frozen: false,
    locked: false,
    openForNew: false,
    secret: false,
    separator: null,
    choices: [],
    problems: 0,
    grade: null,
    sorted: null,
    ...more,
  };
}

function row(id: number, ...cells: string[]): GridRow {
  return { id, label: "", cells, marks: new Map(), rowMark: null, changed: new Set(), fresh: false, names: new Map() };
}

const key = column(0, { locked: true });
const name = column(1);
const password = column(2, { secret: true });
const rows = [row(7, "a1", "Ana", "s3cret"), row(9, "b2", "", "")];

test("emptying a block leaves the key and what is empty already", () => {
  expect(emptied({ rows, columns: [key, name] })).toEqual([{ row: 7, column: 1, value: "" }]);
});

test("copying never hands out a password", () => {
  expect(copied({ rows, columns: [name, password] })).toBe("Ana\t\n\t");
});

test("one value fills the selection, a block brings its own size", () => {
  expect(extent([["x"]], { height: 5, width: 2 })).toEqual({ height: 5, width: 2 });
  expect(extent([["x", "y"], ["z"]], { height: 5, width: 9 })).toEqual({ height: 2, width: 2 });
});

test("a pasted block goes where it was put, around what is locked and what is the same", () => {
  const lines = [
    ["k", "Ana"],
    ["k", "Bo"],
  ];
  expect(pasted({ rows, columns: [key, name] }, lines)).toEqual([{ row: 9, column: 1, value: "Bo" }]);
  expect(pasted({ rows, columns: [name] }, [["Zoe"]]).map((edit) => edit.value)).toEqual(["Zoe", "Zoe"]);
});

test("filling down gives the first person's value to those below, but neither key nor password", () => {
  expect(filledDown({ rows, columns: [key, name, password] })).toEqual([{ row: 9, column: 1, value: "Ana" }]);
});

test("the lock of a key is for people whom the LMS has", () => {
  const open = column(0, { locked: true, openForNew: true });
  const fresh = { ...row(11, "", "Cy", ""), fresh: true };
  expect(pasted({ rows: [...rows, fresh], columns: [open] }, [["k"]])).toEqual([{ row: 11, column: 0, value: "k" }]);
});
