/**
 * A host with jails as the FreeBSD books set one up with qjail: one loopback with a network of its own, one shared base, and
 * five small jails on it.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror: `file:///usr/freebsd-dist/base.txz`; and its sha256
 * - passwordHash (with --secret): the first password of the jails' admin, as `openssl passwd -6` prints it
 * - www: the last part of the address of the jail www; a change moves the running jail
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Flavor, Jail, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", source: config.get("base"), sha256: config.get("sha256") });
  const flavor = new Flavor("default", {
    pkgRepository: {
      url: "pkg+https://pkg.FreeBSD.org/${ABI}/quarterly",
      mirrorType: "srv",
      signatureType: "fingerprints",
      fingerprints: "/usr/share/keys/pkg",
      enabled: true,
    },
    // Is in the group wheel, and has to change the password at the first login.
    sshUser: { name: "admin", passwordHash: config.requireSecret("passwordHash") },
  });
  const common = { base, flavors: [flavor] };

  const dns = new Jail("dns", { ...common, addresses: [lo1.address(1)] });
  const db = new Jail("db", { ...common, addresses: [lo1.address(2)], sysvipc: "new", rawSockets: true });
  const www = new Jail("www", { ...common, addresses: [lo1.address(config.getNumber("www") ?? 3)] });
  // Made, but neither started now nor at boot (qjail's norun), and started now but not at boot (its manual).
  new Jail("spare", { ...common, addresses: [lo1.address(4)], running: false, autostart: false });
  new Jail("lab", { ...common, addresses: [lo1.address(5)], autostart: false });

  return { base: base.path, consoles: [dns, db, www].map((jail) => jail.consoleCommand) };
};
