/**
 * A web jail with a network stack of its own: an epair on a bridge that is made for it, its gateway on the host, the way out and port 80 in by
 * pf; its database beside it, which starts first; a folder of the host with the pages, read-only.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - pages: a folder of the host with the pages; none if left out
 *
 * The host has to forward packets between its interfaces: `sysrc gateway_enable=YES; service routing start`.
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Jail, PfNatRule } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");
  const pages = config.get("pages");

  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });
  const vnet = { bridge: "jailbr", createBridge: true, bridgeAddresses: ["10.7.7.1/24"], gateway: "10.7.7.1" };

  const db = new Jail("db", { base, addresses: ["10.7.7.3/24"], vnet, sysvipc: "new" });
  const web = new Jail("web", {
    base,
    addresses: ["10.7.7.2/24"],
    vnet,
    after: [db],
    mounts: [
      { type: "tmpfs", target: "/var/cache/web", size: "64m" },
      ...(pages ? [{ type: "nullfs" as const, source: pages, target: "/usr/local/www", readOnly: true }] : []),
    ],
  });

  const out = new PfNatRule("jails-out", { kind: "nat", interface: "egress", from: "10.7.7.0/24" });
  const http = new PfNatRule("http", { kind: "rdr", interface: "egress", protocol: "tcp", port: 80, jail: web });

  return { console: web.consoleCommand, rules: [out.rule, http.rule] };
};
