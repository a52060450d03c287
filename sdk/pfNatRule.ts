import * as pulumi from "@pulumi/pulumi";

import provider = require("../provider/resources/pfNatRule");

import type { ImageJail } from "./imageJail";
import type { Jail } from "./jail";
import { type CommonArgs, properties } from "./resource";

/** A protocol of pf.conf(5). */
export type PfProtocol = "tcp" | "udp" | "icmp" | "icmp6" | "sctp" | "gre" | "esp" | "ah";

/** A port, a service ("ssh", "https", "postgresql" …), or a range: 80, "http", "8000:8010". */
export type PfPort = number | string;

/**
 * The properties of a {@link PfNatRule}. All of them change live: connections that stand go on. Addresses are "192.168.1.3", networks
 * "192.168.1.0/28", an interface's network "lo1:network"; "!" in front of one means all others, "any" all.
 */
export interface PfNatRuleArgs extends CommonArgs {
  /** Its name on the host, one for all stacks. Default: the resource's name. */
  name?: pulumi.Input<string> | undefined;
  /** "nat": jails reach the outside. "rdr": the outside reaches a port of a jail. "binat": an address outside for a jail's own, both ways. */
  kind: pulumi.Input<"nat" | "rdr" | "binat">;
  /** The host's interface to the outside; "egress" is the one of the default route. One that isn't there is an error. */
  interface: pulumi.Input<string>;
  /** One protocol or several. Needed with a port. Default: all. */
  protocol?: pulumi.Input<PfProtocol | pulumi.Input<PfProtocol>[]> | undefined;
  /** Whose traffic. Default: any; of a nat rule, the jail's or the `address`. */
  from?: pulumi.Input<string> | undefined;
  /** To where. Default: of a rdr rule, the interface's own addresses; otherwise any. */
  to?: pulumi.Input<string> | undefined;
  /** The port outside; also a range or a list. Default: all. */
  port?: pulumi.Input<PfPort | pulumi.Input<PfPort>[]> | undefined;
  /** rdr: the port in the jail; for a range, its first one. Default: the same as outside. */
  toPort?: pulumi.Input<PfPort> | undefined;
  /** The jail (or its addresses); the rule follows its address. With addresses of both families, `family` or another address says which; otherwise IPv4. */
  jail?: Jail | ImageJail | pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Instead of a jail: the address inside; for nat a network, too. */
  address?: pulumi.Input<string> | undefined;
  /** nat and binat: the address outside. Default: the interface's first one; binat needs it. */
  outside?: pulumi.Input<string> | undefined;
  /** IPv4 ("inet") or IPv6 ("inet6"), where the addresses don't say it. */
  family?: pulumi.Input<"inet" | "inet6"> | undefined;
  /** Let it through without a look at the filter rules. Default: true. */
  pass?: pulumi.Input<boolean> | undefined;
  /** Log to pflog(4). Default: false. */
  log?: pulumi.Input<boolean> | undefined;
  /** Rules are tried in this order, then by name; the first one that matches wins. Default: 100. */
  order?: pulumi.Input<number> | undefined;
  /** Load and enable pf, now and at boot, if it isn't. With false, rules of a pf that is off are written and wait. Default: true. */
  enable?: pulumi.Input<boolean> | undefined;
  /** Seconds in which a new SSH connection has to come through once the rules are loaded; otherwise the host puts back the old ones. Default: 30. */
  confirmTimeout?: pulumi.Input<number> | undefined;
}

/**
 * A translation rule of pf(4) (pf.conf(5), "Translation"). All rules of all stacks are in one anchor, behind the administrator's own, loaded
 * at once, now and at boot; /etc/pf.conf gets the anchor's lines, and keeps its own. A rule that would cut off SSH is refused, and any load
 * is undone by the host itself unless a new connection confirms it.
 *
 * @example
 * const out = new PfNatRule("out", { kind: "nat", interface: "egress", from: "lo1:network" }, { dependsOn: lo1 });
 * const web = new PfNatRule("web", { kind: "rdr", interface: "egress", protocol: "tcp", port: [80, 443], jail: www });
 */
export class PfNatRule extends pulumi.dynamic.Resource {
  /** Its name on the host. */
  declare readonly name: pulumi.Output<string>;
  /** The rule as it stands in pf's file; `<egress>` stands for an interface that only the host knows. */
  declare readonly rule: pulumi.Output<string>;
  /** The rule on the host, with the interface's name. */
  declare readonly installed: pulumi.Output<string>;
  /** What pf made of it (`pfctl -s nat`): lists become a rule each. */
  declare readonly loaded: pulumi.Output<string[]>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: PfNatRuleArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      {
        ...properties(name, args, ["rule", "installed", "loaded", "hostUuid", "token"]),
        jail: addressesOf(args.jail),
      },
      opts,
      "freebsd",
      "PfNatRule",
    );
  }
}

function addressesOf(jail: PfNatRuleArgs["jail"]): pulumi.Input<pulumi.Input<string>[]> | undefined {
  if (jail === undefined || !pulumi.Resource.isInstance(jail)) return jail as pulumi.Input<string[]> | undefined;
  return (jail as Jail | ImageJail).addresses;
}
