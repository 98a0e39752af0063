import { expect, test } from "vitest";
import { runs } from "./invisible";

const drawn = (text: string) =>
  runs(text)
    .map((run) => (run.name ? `<${run.name}>` : run.text))
    .join("");

test("ordinary text stays as it is", () => {
  expect(runs("Ana María Núñez")).toEqual([{ text: "Ana María Núñez", name: null }]);
  expect(runs("")).toEqual([]);
});

test("blanks at the ends and doubled ones are drawn, one between words is not", () => {
  expect(drawn(" Ana  Silva ")).toBe("<space>Ana<2 spaces>Silva<space>");
});

test("what only a computer sees is named", () => {
  expect(drawn("Mark\u200beting\u00a0")).toBe("Mark<zero-width space>eting<no-break space>");
  expect(drawn("a\r\nb\u0007")).toBe("a<line break>b<invisible character U+0007>");
});

test("the blank of a separator at the end is as it should be", () => {
  expect(runs("Sales; ", "; ").filter((run) => run.name)).toEqual([]);
  expect(runs("Sales;  ", "; ").filter((run) => run.name)).toHaveLength(1);
});
