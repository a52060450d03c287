/**
 * PostgreSQL in a jail of its own, as the FreeBSD books set it up, from beginning to end: the loopback and its network, the base, the way out
 * for packages, the jail with System V IPC at 192.168.1.3, the package, the data directory, initdb, the service, and port 5432 from outside.
 *
 * Settings (`pulumi config set NAME VALUE`):
 * - freebsd:host, freebsd:user, freebsd:hostKey …: the host, and how to reach it
 * - base: where base.txz is, if not on FreeBSD's mirror; `file:///usr/freebsd-dist/base.txz`
 * - clients: the network that may reach the database; 10.0.0.0/8 if left out
 * - postgres: the last part of the jail's address; 3 if left out. A change moves the jail, and the rule with it
 */
import * as pulumi from "@pulumi/pulumi";
import { BaseInstall, Flavor, Jail, LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";

const data = "/var/db/postgres/data16";

/** Runs once in the new jail, at its first start; what it says is in the jail's console log. */
function firstBoot(clients: string): string {
  return `
env ASSUME_ALWAYS_YES=yes pkg install -y postgresql16-server || { echo "PostgreSQL could not be installed"; exit 1; }
service postgresql oneinitdb
echo "listen_addresses = '*'" >>${data}/postgresql.conf
echo "host all all ${clients} scram-sha-256" >>${data}/pg_hba.conf
service postgresql start
`;
}

export = async () => {
  const config = new pulumi.Config();
  const source = config.get("base");
  const clients = config.get("clients") ?? "10.0.0.0/8";

  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", ...(source ? { source } : {}) });
  const flavor = new Flavor("postgresql", {
    pkgRepository: {},
    rcConf: { postgresql_enable: true, postgresql_data: data },
    firstBoot: firstBoot(clients),
  });

  // Jails have addresses that only this host knows: what they send goes out under the host's own.
  const out = new PfNatRule("jails-out", {
    kind: "nat",
    interface: "egress",
    from: pulumi.interpolate`${lo1.name}:network`,
  });

  // The package comes from outside, so that way has to be open before the jail starts.
  const postgres = new Jail(
    "postgres",
    { base, flavors: [flavor], addresses: [lo1.address(config.getNumber("postgres") ?? 3)], sysvipc: "new" },
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
