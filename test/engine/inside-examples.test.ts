import postgresql = require("../../examples/postgresql/index");
import webGroup = require("../../examples/web-group/index");

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import { changed } from "./harness/assertions";
import { makeRepository } from "./harness/packages";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let before: readonly string[];
let project: Project;
let folder: string;

async function lines(command: string): Promise<string[]> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim().split("\n");
}

const settings = (more: ConfigMap): ConfigMap => ({ ...stackConfig(target), base: { value: target.base }, ...more });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
  target = await openTarget();
  before = await takePicture(target);
});

afterEach(async () => {
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await target?.close();
});

/** What the example needs of the port: a script of rc.d whose initdb makes a data folder, and a daemon that wants its settings. */
const script = `#!/bin/sh
# PROVIDE: postgresql
. /etc/rc.subr
name=postgresql
rcvar=postgresql_enable
extra_commands=initdb
initdb_cmd=make_data
start_precmd=check_data
pidfile=/var/run/postgresql.pid
procname=/bin/sleep
command=/usr/sbin/daemon
command_args="-f -p $pidfile /bin/sleep 100000"
load_rc_config $name
: \${postgresql_enable:=NO}
: \${postgresql_data:=/var/db/postgres/data}
make_data() {
  mkdir -p "$postgresql_data" && echo 16 >"$postgresql_data/PG_VERSION" && echo "# settings" >"$postgresql_data/postgresql.conf"
}
check_data() {
  included=$(sed -n "s/^include '\\(.*\\)'$/\\1/p" "$postgresql_data/postgresql.conf")
  grep -q listen_addresses "$included" || { echo "cannot read $included"; return 1; }
}
run_rc_command "$1"
`;

test("the book's PostgreSQL: set up whole, reached at port 5432, changed, and taken away again", async () => {
  const more: ConfigMap = { clients: { value: "10.0.0.0/8" } };
  if (!onRealHost) {
    await makeRepository(join(folder, "usr/local/repository"), [
      { name: "postgresql16-client", files: { "/usr/local/bin/psql": "psql\n" } },
      {
        name: "postgresql16-server",
        deps: ["postgresql16-client"],
        files: { "/usr/local/etc/rc.d/postgresql": { content: script, mode: 0o755 } },
      },
    ]);
    more["repository"] = { value: folder };
  }
  project = await Project.create(postgresql, { name: "postgresql", config: settings(more) });
  await project.up();
  expect((await project.outputs()).rules).toEqual([
    "nat pass on vtnet0 inet from (lo1:network) to any -> (vtnet0:0)",
    "rdr pass on vtnet0 inet proto tcp from 10.0.0.0/8 to (vtnet0) port 5432 -> 192.168.1.3",
  ]);
  expect((await lines("jexec postgres service postgresql status"))[0]).toMatch(/running/);
  expect(
    await lines("jls -j postgres ip4.addr sysvmsg; jexec postgres cat /var/db/postgres/data16/PG_VERSION"),
  ).toEqual(["192.168.1.3 new", "16"]);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  const earlier = await lines("jls -j postgres jid");
  await project.configure({ clients: { value: "10.1.0.0/16" } });
  expect([...changed(await project.up())].sort()).toEqual(["update Jail postgres", "update PfNatRule postgresql"]);
  expect(await lines("jls -j postgres jid")).toEqual(earlier);
  expect(await lines("jexec postgres grep -c 10.1 /usr/local/etc/postgresql/pg_hba.conf")).toEqual(["1"]);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("ten jails of a group, which all get the new version of their flavor", async () => {
  project = await Project.create(webGroup, { name: "web-group", config: settings({}) });
  await project.up();
  expect(await lines("jls name")).toHaveLength(10);
  await project.configure({ greeting: { value: "Version 2" } });
  expect(changed(await project.up())).toHaveLength(11);
  expect(await lines("jexec web-1 cat /usr/local/www/index.html; jexec web-10 cat /usr/local/www/index.html")).toEqual([
    "<h1>Version 2</h1>",
    "<h1>Version 2</h1>",
  ]);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});
