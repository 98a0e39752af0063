import { expect, test } from "vitest";
import { moved } from "./scrolling";

const wheel = { deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false };

test("the wheel moves by what it says, in pixels, lines or screens", () => {
  expect(moved({ ...wheel, deltaY: 100 }, 500)).toEqual({ x: 0, y: 100 });
  expect(moved({ ...wheel, deltaY: -3, deltaMode: 1 }, 500)).toEqual({ x: 0, y: -84 });
  expect(moved({ ...wheel, deltaY: 1, deltaMode: 2 }, 500)).toEqual({ x: 0, y: 500 });
  expect(moved({ ...wheel, deltaX: 40 }, 500)).toEqual({ x: 40, y: 0 });
});

test("with Shift it goes sideways, whether or not the system has turned it", () => {
  expect(moved({ ...wheel, deltaY: 100, shiftKey: true }, 500)).toEqual({ x: 100, y: 0 });
  expect(moved({ ...wheel, deltaX: 100, shiftKey: true }, 500)).toEqual({ x: 100, y: 0 });
});
