import { BaseInstall, Jail, LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { write } from "./harness/files";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

/** The host's own configuration, as administrators leave it; pf.conf, which gets lines of ours, has tests of its own. */
const files: Readonly<Record<string, string>> = {
  "/etc/rc.conf.local": `# saved on Windows\r\nlocal_note='it''s "odd" \${quoting}' # and a comment\r\ncloned_interfaces_note=lo9`,
  "/etc/jail.conf": `/* jails of the shop */\r\n# one a line\r\n.include "/etc/jail.more*.conf";\n$root = '/jails';\npath="$root/$name";old{host.hostname='old'; persist ; # \u00e4\n}`,
  "/etc/jail.more.conf": 'more { persist; exec.start = "echo \\"a  b\\""; }',
  "/etc/jail.conf.d/theirs.conf": "\n\ntheirs {\n\tpersist;\n}",
};

let target: Target;
let project: Project;

async function said(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

const digests = () =>
  said(`sha256 -r /etc/rc.conf ${Object.keys(files).join(" ")}; stat -f '%Sp %u:%g %m' /etc/rc.conf`);

function program(last: number) {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    const web = new Jail("web", { base, addresses: [lo1.address(last)] });
    new PfNatRule("web", { kind: "rdr", interface: "egress", protocol: "tcp", port: 80, jail: web });
  };
}

beforeAll(async () => {
  target = await openTarget();
  project = await Project.create(program(2), { config: stackConfig(target) });
});

afterAll(async () => {
  project?.dispose();
  await target.sh(`rm -f ${Object.keys(files).join(" ")}; rmdir /etc/jail.conf.d`);
  await target?.close();
});

test("rc.conf and jail.conf with Windows' line ends, odd quoting and no end of the last line stay to the byte, whatever is made, changed and destroyed", async () => {
  await said("mkdir -p /etc/jail.conf.d");
  for (const [path, text] of Object.entries(files)) await write(target, path, text);
  const [before, picture] = [await digests(), await takePicture(target)];
  await project.up();
  expect(await digests()).toBe(before);
  project.program = program(3);
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  expect(await digests()).toBe(before);
  await project.destroy();
  expect(await digests()).toBe(before);
  expect(difference(picture, await takePicture(target))).toEqual([]);
});
