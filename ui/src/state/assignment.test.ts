import { describe, expect, it } from "vitest";
import { moved, readRules, writeRules } from "./assignment";

const TEXT = "Department is Sales -> Sales basics\nJob Title contains Manager -> Leading\n";

describe("assignment rules", () => {
  it("are read and written the same", () => {
    const rules = readRules(TEXT);
    expect(rules).toEqual([
      { column: "Department", test: "is", value: "Sales", group: "Sales basics" },
      { column: "Job Title", test: "contains", value: "Manager", group: "Leading" },
    ]);
    expect(writeRules(rules)).toBe(TEXT);
    expect(readRules("A begins b -> C; D is e → F")).toHaveLength(2);
  });

  it("leave out what says nothing yet", () => {
    expect(writeRules([{ column: "A", test: "is", value: " ", group: "B" }])).toBe("");
    expect(readRules("nothing")).toEqual([]);
  });

  it("change their order, and stay within the list", () => {
    const rules = readRules(TEXT);
    expect(moved(rules, 1, -1).map((rule) => rule.group)).toEqual(["Leading", "Sales basics"]);
    expect(moved(rules, 0, -1)).toEqual(rules);
    expect(moved(rules, 1, 1)).toEqual(rules);
  });
});
