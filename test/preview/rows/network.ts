import type { Row } from "../row";

const rdr = { kind: "rdr", interface: "egress", protocol: "tcp", port: "$port", address: "$ip" };
const flushed = ["pfctl -q -a pulumi-freebsd-jails -F nat", "rule"] as const;
const cutOut = ["sed -i '' -e '/$port/d' /etc/pf.pulumi-freebsd-jails.conf", "rule"] as const;

/** What a preview shows of each. */
const ruleLines: Readonly<Record<string, readonly string[]>> = {
  kind: [
    '~ kind: "rdr" => "nat"',
    "- port: $port",
    '- protocol: "tcp"',
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip port 80" => "nat pass on <egress> inet from $ip to any -> (<egress>:0)"',
    "- toPort: 80",
  ],
  interface: [
    '~ interface: "egress" => "lo1"',
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass on lo1 inet proto tcp from any to (lo1) port $port -> $ip"',
  ],
  protocol: [
    '~ protocol: "tcp" => "udp"',
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass on <egress> inet proto udp from any to (<egress>) port $port -> $ip"',
  ],
  from: [
    '+ from: "192.0.2.0/24"',
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass on <egress> inet proto tcp from 192.0.2.0/24 to (<egress>) port $port -> $ip"',
  ],
  to: [
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass on <egress> inet proto tcp from any to 198.51.100.7 port $port -> $ip"',
    '+ to: "198.51.100.7"',
  ],
  port: [
    "- port: [",
    "- [0]: $port",
    "- [1]: 9000",
    "+ port: $port",
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port { $port 9000 } -> $ip" => "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip"',
  ],
  toPort: [
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip port 80" => "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip port 81"',
    "~ toPort: 80 => 81",
  ],
  jail: [
    "~ jail: [",
    '~ [0]: "lo1|$ip" => "lo1|$ip2"',
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip2"',
  ],
  address: [
    '~ address: "$ip" => "$ip2"',
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip2"',
  ],
  outside: [
    '+ outside: "192.0.2.1"',
    '~ rule: "nat pass on <egress> inet from $ip to any -> (<egress>:0)" => "nat pass on <egress> inet from $ip to any -> 192.0.2.1"',
  ],
  family: ['+ family: "inet"'],
  pass: [
    "~ pass: true => false",
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr on <egress> inet proto tcp from any to (<egress>) port $port -> $ip"',
  ],
  log: [
    "~ log: false => true",
    '~ rule: "rdr pass on <egress> inet proto tcp from any to (<egress>) port $port -> $ip" => "rdr pass log on <egress> inet proto tcp from any to (<egress>) port $port -> $ip"',
  ],
  name: ['~ name: "$name" => "$name-new"'],
  order: ["~ order: 100 => 50"],
  enable: ["~ enable: true => false"],
  confirmTimeout: ["~ confirmTimeout: 30 => 45"],
};

/** What stands for a rule's row with one property changed. */
function rule(of: string, before: object, after: object, more: Partial<Row> = {}): Row {
  return {
    title: `a rule's ${of}`,
    kind: "PfNatRule",
    of,
    before: { ...rdr, ...before },
    after: { ...rdr, ...after },
    says: `changes live, for: ${of}`,
    shows: ruleLines[of] ?? [],
    byHand: flushed,
    ...more,
  };
}

/** Interfaces, and rules of pf. */
export const network: readonly Row[] = [
  {
    title: "an address more and one less",
    kind: "LoopbackInterface",
    of: "addresses",
    before: { addresses: ["10.8.1.1/24", "10.8.2.1/24"] },
    after: { addresses: ["10.8.1.1/24", "10.8.3.1/24"] },
    says: "changes live, for: addresses",
    shows: [
      "~ addresses: [",
      '~ [1]: "10.8.2.1/24" => "10.8.3.1/24"',
      "~ rc:",
      '- ifconfig_$name_aliases="inet 10.8.1.1/24 inet 10.8.2.1/24"',
      '+ ifconfig_$name_aliases="inet 10.8.1.1/24 inet 10.8.3.1/24"',
    ],
    host: ["ifconfig $name | grep -c -e 10.8.1.1 -e 10.8.3.1; ifconfig $name | grep -c 10.8.2.1", "2\n0"],
    byHand: ["ifconfig $name 10.8.3.1 -alias", "addresses"],
  },
  {
    title: "addresses in another order and spelling",
    kind: "LoopbackInterface",
    before: { addresses: ["10.9.1.1/24", "fd00:9::1/64"] },
    after: { addresses: ["fd00:0009:0:0::1/64", "10.9.1.1/24"] },
    byHand: ["ifconfig $name destroy", "addresses"],
  },
  {
    title: "another network",
    kind: "LoopbackInterface",
    of: "network",
    before: { network: "10.10.1.1/24" },
    after: { network: "10.10.2.1/24" },
    says: "changes live, for: network",
    shows: [
      '~ network: "10.10.1.1/24" => "10.10.2.1/24"',
      "~ rc:",
      '- ifconfig_$name_aliases="inet 10.10.1.1/24"',
      '+ ifconfig_$name_aliases="inet 10.10.2.1/24"',
    ],
    host: ["ifconfig $name | grep -c 10.10.2.1; ifconfig $name | grep -c 10.10.1.1", "1\n0"],
    byHand: ["rm /etc/rc.conf.d/netif/50-$name", "rc"],
  },
  {
    title: "another name of an interface",
    kind: "LoopbackInterface",
    of: "name",
    before: { name: "backend" },
    after: { name: "backend-new" },
    says: "is replaced, for: name",
    shows: [
      '~ name: "backend" => "backend-new"',
      "~ rc:",
      '- cloned_interfaces="$cloned_interfaces lo14949"',
      '- ifconfig_lo14949_name="backend"',
      '- ifconfig_backend="up"',
      '+ cloned_interfaces="$cloned_interfaces lo24984"',
      '+ ifconfig_lo24984_name="backend-new"',
      '+ ifconfig_backend_new="up"',
      '~ rcFile: "/etc/rc.conf.d/netif/50-backend" => "/etc/rc.conf.d/netif/50-backend-new"',
    ],
    host: ["ifconfig -l | tr ' ' '\\n' | grep backend", "backend-new"],
    byHand: ["ifconfig backend-new destroy", "gone"],
  },
  {
    title: "adopt, of an interface that is there",
    kind: "LoopbackInterface",
    of: "adopt",
    before: { addresses: ["10.11.1.1/24"] },
    after: { addresses: ["10.11.1.1/24"], adopt: true },
    shows: ["~ adopt: false => true"],
    byHand: ["ifconfig $name 10.11.1.1 -alias", "addresses"],
  },
  rule(
    "kind",
    { toPort: 80 },
    { kind: "nat", port: undefined, protocol: undefined, toPort: undefined },
    { says: "changes live, for: kind, protocol, port, toPort" },
  ),
  rule("interface", {}, { interface: "lo1" }),
  rule("protocol", {}, { protocol: "udp" }, { byHand: cutOut }),
  rule("from", {}, { from: "192.0.2.0/24" }),
  rule("to", {}, { to: "198.51.100.7" }),
  rule("port", { port: ["$port", 9000] }, { port: "$port" }),
  rule("toPort", { toPort: 80 }, { toPort: 81 }, { byHand: cutOut }),
  rule("jail", { address: undefined, jail: ["lo1|$ip"] }, { address: undefined, jail: ["lo1|$ip2"] }),
  rule("address", {}, { address: "$ip2" }),
  rule(
    "outside",
    { kind: "nat", port: undefined, protocol: undefined },
    { kind: "nat", port: undefined, protocol: undefined, outside: "192.0.2.1" },
  ),
  rule("family", {}, { family: "inet" }),
  rule("pass", {}, { pass: false }),
  rule("log", {}, { log: true }),
  rule("name", {}, { name: "$name-new" }),
  rule("order", {}, { order: 50 }),
  rule("enable", {}, { enable: false }),
  rule("confirmTimeout", {}, { confirmTimeout: 45 }, { says: "" }),
  {
    title: "ports and protocols in another order",
    kind: "PfNatRule",
    before: { ...rdr, protocol: ["tcp", "udp"], port: ["$port", 443] },
    after: { ...rdr, protocol: ["udp", "tcp"], port: [443, "$port"] },
    byHand: flushed,
  },
];
