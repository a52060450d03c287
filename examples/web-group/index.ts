/**
 * Ten jails of a group, web-1 to web-10, each with the site and a service of its own; one after another they get a new version of it, and if
 * one of them isn't well, those behind it stay as they are.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - jails: how many, from 0 to 13; 10
 * - greeting: what the site says; "It works". A change goes into the jails that are there
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Flavor, JailGroup, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");
  const greeting = config.get("greeting") ?? "It works";

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });
  const site = new Flavor("site", {
    files: { "/usr/local/www/index.html": `<h1>${greeting}</h1>\n` },
    rcConf: { syslogd_flags: "-ss" },
  });

  const web = new JailGroup("web", {
    base,
    count: config.getNumber("jails") ?? 10,
    interface: lo1,
    firstAddress: 2,
    flavors: [site],
    followFlavor: true,
    users: [{ name: "site", shell: "/usr/sbin/nologin" }],
    services: ["cron"],
    healthCheck: "test -s /usr/local/www/index.html",
  });

  return { names: web.names, addresses: web.addresses };
};
