import { fill } from "./row";
import { parts } from "./rows/all";
import { type Case, cases, type Seeing, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 300_000);
afterAll(() => stage?.close());

describe.each(parts)("%s", (title, rows) => {
  const offset = parts
    .slice(
      0,
      parts.findIndex(([other]) => other === title),
    )
    .reduce((sum, [, all]) => sum + all.length, 0);
  const all = cases(rows, offset);
  let seeing: Seeing;
  beforeAll(async () => {
    seeing = await stage.play(all);
  }, 400_000);

  test("a second up changes nothing", () => expect(seeing.secondUp).toEqual([]));
  test("nor does an up with a refresh", () => expect(seeing.refresh).toEqual([]));

  test.each(all.map((one): [string, Case] => [one.row.title, one]))("%s", (_title, one) => {
    const seen = seeing.rows.get(one.row);
    const { says = "", shows = [], does = [], jail = "", host } = fill(one.row, one.names);
    expect({ says: seen?.says, shows: seen?.shows, does: seen?.does, jail: seen?.jail, host: seen?.host }).toEqual({
      says,
      shows,
      does,
      jail,
      host: host?.[1] ?? "",
    });
  });

  test.each(all.map((one): [string, Case] => [one.row.byHand[0].slice(0, 60), one]))("by hand: %s", (_title, one) => {
    const seen = seeing.rows.get(one.row);
    const found = one.row.byHand[1];
    expect(seen?.mends).toBe(found === "gone" ? "create" : "update");
    if (found !== "gone") expect(seen?.found.join("\n")).toMatch(new RegExp(`^[-+~] ${found}\\b`, "m"));
    expect(seen?.mended).toBe(fill(one.row.host?.[1] ?? "", one.names));
  });

  test("what was done by hand is put right", () => expect(seeing.afterMending).toEqual([]));
});
