import { readFileSync } from "node:fs";
import path from "node:path";
import { definitions } from "../../../provider/resources/all";
import { firstPart } from "../../../provider/resources/changes";
import { changesText } from "../../../provider/resources/changesText";
import { common } from "../../../provider/resources/common";

test("the reference documentation says what the code does (`npm run docs` writes it)", () => {
  const file = path.resolve(__dirname, "../../../docs/changes.md");
  expect(readFileSync(file, "utf8")).toBe(changesText(definitions));
});

test.each(definitions.map((one) => [one.kind, one] as const))(
  "%s: every property has a cost",
  (_kind, { shape, changes }) => {
    const missing = Object.keys(shape)
      .filter((property) => !(property in common))
      .filter((property) => !Object.keys(changes).some((key) => firstPart(key) === property));
    expect(missing).toEqual([]);
  },
);
