import { livePlan } from "../../../provider/resources/jailPlan";
import { type JailValues, jailShape } from "../../../provider/resources/jailSchema";
import { validate } from "../../../provider/resources/validate";

function values(properties: Record<string, unknown>): JailValues {
  const bag = {
    owner: "p/s/web",
    name: "web",
    base: "/usr/jails/sharedfs/13.2-RELEASE",
    addresses: ["lo1|10.0.0.1"],
    ...properties,
  };
  return validate(jailShape, bag).values as JailValues;
}

test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ["the host's name", {}, { hostname: "www.example.org" }, ["host.hostname=www.example.org"]],
  ["a permission that comes", {}, { rawSockets: true }, ["allow.raw_sockets=1"]],
  ["a permission that goes", { allow: ["chflags"] }, {}, ["allow.chflags=0"]],
  ["a permission that jails have unless it is taken away", { allow: ["noset_hostname"] }, {}, ["allow.set_hostname=1"]],
  ["the number of children", {}, { childrenMax: 2 }, ["children.max=2"]],
  ["a higher securelevel", { securelevel: 1 }, { securelevel: 2 }, ["securelevel=2"]],
  ["an address that comes", {}, { addresses: ["lo1|10.0.0.1", "lo1|10.0.0.2"] }, ["ip4.addr=10.0.0.1,10.0.0.2"]],
  ["nothing", {}, {}, []],
])("%s changes live", (_name, before, after, parameters) => {
  expect(livePlan(values(before), values(after))?.parameters).toEqual(parameters);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["a lower securelevel", { securelevel: 2 }, { securelevel: 1 }],
  ["the last address of a family that goes", {}, { addresses: [] }],
  ["an address that moves to another interface", {}, { addresses: ["lo2|10.0.0.1"] }],
])("%s needs a restart", (_name, before, after) => {
  expect(livePlan(values(before), values(after))).toBeUndefined();
});

test("a new address is added to its interface, and the old one taken off", () => {
  const plan = livePlan(values({}), values({ addresses: ["lo1|10.0.0.7"] }));
  expect(plan?.added.map((one) => one.address)).toEqual(["10.0.0.7"]);
  expect(plan?.removed.map((one) => one.address)).toEqual(["10.0.0.1"]);
});
