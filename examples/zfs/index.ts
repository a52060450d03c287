/**
 * Jails as data sets of ZFS: each is a clone of its base's template, made in no time and without a copy, with a limit of its own.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - dataset: the data set that is made for them; "zroot/jails" if left out
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - quota: the limit of the jail `db`, "10g" if left out; changed while it runs
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Jail, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", {
    release: "host",
    storage: { zfs: { dataset: config.get("dataset") ?? "zroot/jails", compression: "lz4" } },
    ...(source ? { source } : {}),
  });

  const web = new Jail("web", { base, addresses: [lo1.address(2)], quota: "2g" });
  const db = new Jail("db", { base, addresses: [lo1.address(3)], quota: config.get("quota") ?? "10g", sysvipc: "new" });
  // A whole FreeBSD that can be changed from inside: a clone as well, which costs what it changes.
  const build = new Jail("build", { base, thick: true, running: false, autostart: false });

  return { datasets: [web, db, build].map((jail) => jail.dataset) };
};
