import { expect, test } from "vitest";
import { left, looked, pace, speed, type Mark } from "./pace";

test("nothing is said of the pace before something has moved", () => {
  expect(pace([], 10)).toBeNull();
  expect(pace([{ at: 0, done: 3 }], 10)).toBeNull();
  expect(
    pace(
      [
        { at: 0, done: 3 },
        { at: 5000, done: 3 },
      ],
      10,
    ),
  ).toBeNull();
});

test("the pace is that of the last while, not of the whole", () => {
  let marks: Mark[] = [];
  for (let second = 0; second <= 60; second++)
    marks = looked(marks, { at: second * 1000, done: second < 40 ? second : 40 + (second - 40) * 5 });
  expect(pace(marks, 240)).toEqual({ rate: 5, left: 20 });
});

test("a push that begins again begins its pace again", () => {
  const marks = looked([{ at: 0, done: 30 }], { at: 1000, done: 0 });
  expect(marks).toEqual([{ at: 1000, done: 0 }]);
});

test("pace and rest are said as people say them", () => {
  expect(speed(11.6)).toBe("12 people a second");
  expect(speed(0.5)).toBe("30 people a minute");
  expect([4, 42, 100, 4000, 9000].map(left)).toEqual([
    "a few seconds left",
    "about 40 seconds left",
    "about 2 minutes left",
    "about 67 minutes left",
    "about 3 hours left",
  ]);
});
