/**
 * A jail on an encrypted disk (geli(8) over md(4)). `pulumi up` starts it; at boot nobody is there to open its disk, so after a reboot run
 * `pulumi up --refresh`.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - passphrase (with --secret): the disk's; another one is set while the jail runs
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, ImageJail, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });
  const vault = new ImageJail("vault", {
    base,
    addresses: [lo1.address(2)],
    image: { size: "64m", encryption: { passphrase: config.requireSecret("passphrase"), algorithm: "AES-XTS" } },
  });

  return { state: vault.state, disk: vault.imageFile };
};
