import { expect, test } from "vitest";
import { dropMeans } from "./drop-means";

test("a file means what is asked for where it is let go", () => {
  expect(dropMeans(undefined, undefined)).toBe("open");
  expect(dropMeans(undefined, "older")).toBe("older");
  expect(dropMeans(undefined, "has")).toBe("has");
  expect(dropMeans(undefined, "elsewhere")).toBe("open");
});

test("while an export is asked for, it is that export wherever it is let go", () => {
  expect(dropMeans("proof", "older")).toBe("proof");
  expect(dropMeans("lms-has", undefined)).toBe("has");
  expect(dropMeans("fix", undefined)).toBe("open");
});
