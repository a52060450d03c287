/**
 * PostgreSQL in a jail of its own, as the FreeBSD books set it up, from beginning to end: the loopback and its network, the base, the way out
 * for packages, the jail with System V IPC at 192.168.1.3, the package, initdb, who may reach it, the service, and port 5432 from outside.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - clients: the network that may reach the database; 10.0.0.0/8 if left out. A change restarts the service, and moves the rule
 * - postgres: the last part of the jail's address; 3 if left out. A change moves the jail, and the rule with it
 * - repository: for a host without a way to FreeBSD's packages, a folder here whose tree has a repository of them at usr/local/repository
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Flavor, Jail, LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";

const data = "/var/db/postgres/data16";
const etc = "/usr/local/etc/postgresql";

/** The database listens on the jail's address, and asks this file who may come in. */
const settings = `listen_addresses = '*'\nhba_file = '${etc}/pg_hba.conf'\n`;
const access = (clients: string) => `local all all trust\nhost all all ${clients} scram-sha-256\n`;

/** FreeBSD's packages, or those of a folder that goes into the jail. */
function packagesFrom(folder: string | undefined) {
  if (folder === undefined) return { pkgRepository: {} };
  const url = "file:///usr/local/repository";
  return { directory: folder, pkgRepository: { url, mirrorType: "none" as const, signatureType: "none" as const } };
}

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");
  const clients = config.get("clients") ?? "10.0.0.0/8";

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });
  const flavor = new Flavor("postgresql", packagesFrom(config.get("repository")));

  // Jails have addresses that only this host knows: what they send goes out under the host's own.
  const out = new PfNatRule("jails-out", {
    kind: "nat",
    interface: "egress",
    from: pulumi.interpolate`${lo1.name}:network`,
  });

  // The package comes from outside, so that way has to be open before.
  const postgres = new Jail(
    "postgres",
    {
      base,
      flavors: [flavor],
      addresses: [lo1.address(config.getNumber("postgres") ?? 3)],
      sysvipc: "new",
      packages: ["postgresql16-server"],
      rcConf: { postgresql_data: data },
      files: { [`${etc}/pg_hba.conf`]: access(clients), [`${etc}/network.conf`]: settings },
      // Once, in the new jail; if it was cut off, once more.
      run: [
        `test -s ${data}/PG_VERSION || service postgresql oneinitdb`,
        `grep -q ${etc} ${data}/postgresql.conf || echo "include '${etc}/network.conf'" >>${data}/postgresql.conf`,
      ],
      services: [{ name: "postgresql", restart: access(clients) }],
      healthCheck: "service postgresql status",
    },
    { dependsOn: out },
  );

  const port = new PfNatRule("postgresql", {
    kind: "rdr",
    interface: "egress",
    protocol: "tcp",
    from: clients,
    port: "postgresql",
    jail: postgres,
  });

  return { address: postgres.addresses, rules: [out.installed, port.installed], console: postgres.consoleCommand };
};
