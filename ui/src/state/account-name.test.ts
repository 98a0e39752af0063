import { expect, test } from "vitest";
import { proposedName } from "./account-name";

test("an account is called by its LMS and the company that most addresses are of", () => {
  const cells = ["ana@harbour.example", "Ana", "bo@harbour.example", "cy@contractor.example", "dee@gmail.com"];
  expect(proposedName("EdApp", cells, [])).toBe("EdApp, Harbour");
  expect(proposedName("EdApp", ["ana@mail.north-wind.co.uk"], [])).toBe("EdApp, North-wind");
});

test("addresses that say nothing of a company give no name to it", () => {
  expect(proposedName("EdApp", ["ana@gmail.com", "bo@gmx.de", "no address"], [])).toBe("EdApp");
  expect(proposedName("EdApp", ["ana@one.example", "bo@two.example"], [])).toBe("EdApp");
});

test("a name that is taken is not proposed again", () => {
  expect(proposedName("EdApp", [], ["edapp", "EdApp 2"])).toBe("EdApp 3");
});
