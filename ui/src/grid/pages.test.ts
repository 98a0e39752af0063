import { describe, expect, test } from "vitest";
import { Pages, type Window } from "./pages";

/** A list of numbers that answers when told to. */
function source(total: number) {
  const asked: { first: number; answer: () => void }[] = [];
  const state: { total: number; sign: string; odd?: number } = { total, sign: "a" };
  const ask = (first: number, count: number) =>
    new Promise<Window<string>>((resolve) => {
      asked.push({
        first,
        answer: () =>
          resolve({
            total: state.total,
            first,
            rows: Array.from(
              { length: Math.max(0, Math.min(count, state.total - first)) },
              (_, at) => `${first + at === state.odd ? "odd" : state.sign}${first + at}`,
            ),
          }),
      });
    });
  return { asked, state, ask };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

async function answerAll(asked: { answer: () => void }[]): Promise<void> {
  for (let at = 0; at < asked.length; at++) {
    asked[at]?.answer();
    await settle();
  }
}

describe("pages of rows", () => {
  test("rows are asked for once and then kept", async () => {
    const { asked, ask } = source(1000);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    pages.want(0, 40);
    await answerAll(asked);
    pages.want(10, 60);
    await settle();
    expect(asked).toHaveLength(1);
    expect(pages.at(60)).toBe("a60");
    expect(pages.total).toBe(1000);
  });

  test("a jump over the whole list asks for where it lands and nothing between", async () => {
    const { asked, ask } = source(1_000_000);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    pages.want(0, 40);
    await answerAll(asked.slice());
    pages.want(500_000, 500_040);
    pages.want(700_000, 700_040);
    pages.want(999_900, 999_999);
    await settle();
    asked[1]?.answer();
    await settle();
    asked[2]?.answer();
    await settle();
    expect(asked.map((one) => one.first)).toEqual([0, 500_000, 999_800]);
    expect(pages.at(999_999)).toBe("a999999");
  });

  test("the rows ahead of where somebody goes are there before they are wanted", async () => {
    const { asked, ask } = source(10_000);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    pages.want(0, 40);
    await answerAll(asked);
    pages.want(80, 120);
    await answerAll(asked);
    pages.want(2100, 2140);
    await answerAll(asked);
    pages.want(2080, 2120);
    await answerAll(asked);
    expect(asked.map((one) => one.first)).toEqual([0, 200, 2000, 1800]);
  });

  test("rows that are there from the beginning are not asked for", async () => {
    const { asked, ask } = source(1000);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    pages.put({ total: 1000, first: 400, rows: Array.from({ length: 200 }, (_, at) => `b${400 + at}`) });
    pages.want(410, 450);
    await settle();
    expect(asked).toHaveLength(0);
    expect([pages.at(399), pages.at(400), pages.total]).toEqual([undefined, "b400", 1000]);
  });

  test("after a refresh the old row is shown until the new one is there", async () => {
    const { asked, state, ask } = source(10);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    pages.want(0, 9);
    await answerAll(asked);
    state.sign = "b";
    pages.refresh();
    expect(pages.at(3)).toBe("a3");
    await settle();
    asked[1]?.answer();
    await settle();
    expect(pages.at(3)).toBe("b3");
  });

  test("rows that are what they were are not told of again", async () => {
    const { asked, state, ask } = source(3);
    const told: number[][] = [];
    const pages = new Pages<string>(ask, (others) => told.push(others), Object.is);
    pages.want(0, 2);
    await answerAll(asked);
    state.odd = 1;
    pages.refresh();
    await settle();
    asked[1]?.answer();
    await settle();
    pages.restart();
    await settle();
    asked[2]?.answer();
    await settle();
    expect(told).toEqual([[0, 1, 2], [1], [0, 1, 2]]);
  });

  test("an answer to an older question is thrown away", async () => {
    const { asked, state, ask } = source(10);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    pages.want(0, 9);
    pages.restart();
    asked[0]?.answer();
    await settle();
    expect(pages.at(0)).toBeUndefined();
    state.sign = "b";
    asked[1]?.answer();
    await settle();
    expect(pages.at(0)).toBe("b0");
  });

  test("what is far away is let go", async () => {
    const { asked, ask } = source(1_000_000);
    const pages = new Pages<string>(ask, () => undefined, Object.is);
    for (let page = 0; page < 100; page++) {
      pages.want(page * 200, page * 200);
      await settle();
      asked.at(-1)?.answer();
      await settle();
    }
    expect(pages.at(0)).toBeUndefined();
    expect(pages.at(99 * 200)).toBe("a19800");
  });

  test("a list that became shorter says so", async () => {
    const { asked, state, ask } = source(10);
    const told: boolean[] = [];
    const pages = new Pages<string>(ask, (_others, totalChanged) => told.push(totalChanged), Object.is);
    pages.want(0, 9);
    await answerAll(asked);
    state.total = 4;
    pages.refresh();
    await settle();
    asked[1]?.answer();
    await settle();
    expect(told).toEqual([true, true]);
    expect(pages.total).toBe(4);
  });
});
