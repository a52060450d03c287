/**
 * Jails that move from one release to the next, and back. `pulumi config set release 14.3-RELEASE`, `pulumi preview`, `pulumi up`:
 * the new base is made beside the old one, each jail moves over to it, and then the old base goes. Setting the old value takes it back.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - release: the release of the jails; the host's own. Never newer than the host's kernel
 * - bases: a folder with an archive RELEASE.txz a release, if not FreeBSD's mirror: on the workstation, or on the host (`file:///usr/freebsd-dist`)
 * - patch: a patch level of it, or "latest"; as the archive is
 * - keepOld: whether the base before stays on the host, so that the way back needs no archive; false
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Jail, LoopbackInterface } from "pulumi-freebsd-jails";

export = async () => {
  const config = new pulumi.Config();
  const release = config.get("release") ?? "host";
  const bases = config.get("bases");
  const patch = config.get("patch");

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", {
    release,
    keep: config.getBoolean("keepOld") ?? false,
    ...(bases ? { source: `${bases}/${release}.txz` } : {}),
    ...(patch ? { patch: patch === "latest" ? patch : Number(patch) } : {}),
  });
  const web = new Jail("web", { base, addresses: [lo1.address(2)] });
  const db = new Jail("db", { base, addresses: [lo1.address(3)], sysvipc: "new" });

  return { base: base.path, release: base.installedRelease, patchLevel: base.patchLevel, jails: [web.path, db.path] };
};
