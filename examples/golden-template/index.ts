/**
 * A golden jail and ten copies of it, as qjail's template and duplicates. To change what new copies are made of: run the golden jail
 * (`golden` is true), work in it, then stop it and give `version` another value.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - copies: how many, from 0 to 12; 10. A higher number adds some, a lower one removes the last
 * - golden: whether the golden jail runs; false
 * - version: another value makes another archive of it
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Flavor, Jail, JailArchive, JailGroup, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });
  const site = new Flavor("site", { files: { "/usr/local/www/index.html": "<h1>It works</h1>\n" } });

  const golden = new Jail("golden", {
    base,
    flavors: [site],
    addresses: [lo1.address(2)],
    running: config.getBoolean("golden") ?? false,
    autostart: false,
  });
  const archive = new JailArchive("golden", {
    jail: golden,
    trigger: config.get("version") ?? "1",
    keep: { last: 3, daily: 7, weekly: 4 },
    onDelete: "destroy",
  });
  const copies = new JailGroup("www", {
    base,
    count: config.getNumber("copies") ?? 10,
    interface: lo1,
    firstAddress: 3,
    template: archive,
  });

  return { archive: archive.file, names: copies.names, addresses: copies.addresses };
};
