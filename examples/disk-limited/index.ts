/**
 * Jails that can't fill the host's disk: each has one of its own, as qjail's and ezjail's image jails.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - logs: the size of the disk of the jail `logs`; a larger one grows it while it runs
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, ImageJail, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });

  // The qjail book's disk of 5 MB: a template has room on it, and little more.
  const tiny = new ImageJail("tiny", { base, addresses: [lo1.address(2)], image: { size: "5m" } });
  const logs = new ImageJail("logs", {
    base,
    addresses: [lo1.address(3)],
    image: { size: config.get("logs") ?? "64m" },
    // What was logged is worth an archive, whatever becomes of the jail.
    onDelete: "archive",
  });
  // All of its room is taken from the host's disk at once, so that it is there when it is needed.
  const spool = new ImageJail("spool", { base, addresses: [lo1.address(4)], image: { size: "32m", sparse: false } });

  return { disks: [tiny, logs, spool].map((jail) => jail.imageFile) };
};
