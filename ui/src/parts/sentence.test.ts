import { expect, test } from "vitest";
import { begun, pieces } from "./sentence";

test("values in backticks are told from the words around them", () => {
  expect(pieces("was `0417`, is `417`")).toEqual([
    { text: "was ", look: "text" },
    { text: "0417", look: "value" },
    { text: ", is ", look: "text" },
    { text: "417", look: "value" },
  ]);
});

test("an empty value is a value, a lone backtick is only a sign", () => {
  expect(pieces("was ``")).toContainEqual({ text: "", look: "value" });
  expect(pieces("it`s")).toEqual([{ text: "it`s", look: "text" }]);
});

test("stress is told too", () => {
  expect(pieces("**4 people** would lose a group")[0]).toEqual({ text: "4 people", look: "strong" });
});

test("a sentence begins with a capital, a value at its beginning keeps its letters", () => {
  expect(begun("nobody is affected")).toBe("Nobody is affected");
  expect(begun("`liam@example.com` stands twice")).toBe("`liam@example.com` stands twice");
});
