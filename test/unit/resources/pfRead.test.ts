import type { Reply } from "../../../provider/host/host";
import { readRule } from "../../../provider/resources/pfRead";
import { snapshotOf } from "../../../provider/resources/snapshot";

const rule = "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port 80 -> 192.168.1.3";
const shown = "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = http -> 192.168.1.3";
const others = "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = https -> 192.168.1.4";
const olds = { name: "web", token: "t", enable: true, rule: "…", installed: rule, loaded: [shown] } as never;
const anchors = ["nat", "rdr", "binat"].map((kind) => `${kind}-anchor "pulumi-freebsd-jails"`);

const whole = {
  running: ["Enabled"],
  main: anchors.map((line) => `${line} all`),
  anchor: [shown, others],
  boot: ["true"],
  file: ["# web", rule],
  conf: [...anchors, 'load anchor "pulumi-freebsd-jails" from "/etc/pf.pulumi-freebsd-jails.conf"', "pass all"],
};

function found(change: Partial<Record<keyof typeof whole, readonly string[]>>, token = "t") {
  const pf = Object.entries({ ...whole, ...change }).flatMap(([key, lines]) => [
    `=${key}`,
    ...lines.map((line) => `+${line}`),
  ]);
  const files = [
    "=/var/db/pulumi-freebsd-jails/pf.web",
    `+token=${token}`,
    `+printed=${shown}`,
    "=/var/db/pulumi-freebsd-jails/pf.other",
    `+printed=${others}`,
  ];
  return readRule(snapshotOf({ facts: { pf, files }, host: {} } as unknown as Reply), olds);
}

test("a rule in force is found as it is", () => {
  expect(found({})).toEqual({ inputs: {}, outputs: {} });
});

test("a rule that is another's by now is gone", () => {
  expect(found({}, "another")).toBeUndefined();
});

test.each<[string, Parameters<typeof found>[0], string]>([
  ["flushed", { anchor: [] }, "(not in force: pf's rules were flushed)"],
  ["of a pf that is off", { running: ["Disabled"] }, "(not in force: pf is disabled)"],
  ["of a pf that isn't there", { running: [] }, "(not in force: pf is disabled)"],
  ["that nothing leads to", { main: [] }, "(not in force: pf's rules do not lead to it)"],
  ["changed by hand", { anchor: [shown.replace("http", "8080"), others] }, shown.replace("http", "8080")],
  ["with another beside it", { anchor: [shown, others, "nat on em0 all -> 10.0.0.1"] }, "nat on em0 all -> 10.0.0.1"],
  ["whose file was changed", { file: ["# web"] }, "(not at boot: /etc/pf.pulumi-freebsd-jails.conf lacks it)"],
  ["whose lines are gone from pf.conf", { conf: ["pass all"] }, "(not at boot: pf.conf does not lead to it)"],
  ["of a pf that isn't started at boot", { boot: ["false"] }, "(not at boot: pf_enable is not set)"],
])("a rule %s is found so", (_, change, text) => {
  expect(found(change)).toMatchObject({ inputs: { rule: text } });
});
