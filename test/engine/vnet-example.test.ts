import vnetWeb = require("../../examples/vnet-web/index");

import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig } from "./harness/target";

test("vnet-web: a web jail and its database behind a bridge of their own, with port 80 from outside", async () => {
  const target = await openTarget();
  const out = async (command: string) => (await target.sh(command)).stdout.trim();
  await out("mkdir /pages; echo hello > /pages/index.html");
  const before = await takePicture(target);
  const config = { ...stackConfig(target), base: { value: target.base }, pages: { value: "/pages" } };
  const project = await Project.create(vnetWeb, { config });
  const { messages } = await project.up();
  expect(messages.join("\n")).toMatch(/forwards nothing between its interfaces: sysrc gateway_enable=YES/);
  expect(await out("jls name; jexec web cat /usr/local/www/index.html; ls /etc/rc.conf.d/jail")).toBe(
    "db\nweb\nhello\n00-jail.conf\n50-db\n51-web",
  );
  expect(await out("pfctl -a pulumi-freebsd-jails -s nat")).toMatch(/port = http -> 10\.7\.7\.2/);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});
