import { expect, test } from "vitest";
import { parts } from "./cell";
import { cut } from "./clipboard";

test("several values in a cell are parted without the blank after the separator", () => {
  expect(parts("Marketing; Sales; ", "; ")).toEqual(["Marketing", "Sales"]);
  expect(parts("", "; ")).toEqual([]);
});

test("a blank too many stays, so that it can be seen", () => {
  expect(parts("Marketing;  Sales ;", "; ")).toEqual(["Marketing", " Sales "]);
});

test("a block from a spreadsheet is cut at tabs and line ends, not inside quotes", () => {
  expect(cut('a\tb\r\n"two\nlines"\t"say ""hi"""\r\n')).toEqual([
    ["a", "b"],
    ["two\nlines", 'say "hi"'],
  ]);
});

test("a single cell is a block of one, a quote inside a value stays", () => {
  expect(cut('5" screen')).toEqual([['5" screen']]);
});
