import { parseIfconfig } from "../freebsd/ifconfig";
import type { PfFiles } from "../freebsd/pfConf";
import type { SshConnection } from "../freebsd/pfLockOut";
import type { PfRule } from "../freebsd/pfRule";
import type { Reply } from "../host/host";
import { sections } from "./snapshot";

/** A rule that is on the host. */
export interface PfMark {
  readonly token: string;
  readonly owner: string;
  readonly rule: string;
  readonly spec: PfRule;
}

/** What decides about rules on a host, as its operation pf.look says it. */
export interface PfView {
  readonly hostUuid: string;
  /** Of all this; what is done with it is done only if it is still so. */
  readonly fingerprint: string;
  readonly marks: ReadonlyMap<string, PfMark>;
  readonly confPath: string;
  readonly files: PfFiles;
  readonly ssh: SshConnection;
  readonly egress: Readonly<Partial<Record<"inet" | "inet6", string>>>;
  /** Interface → its addresses with their prefix lengths. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
}

/** Reads the reply of pf.look. PORT: the connection's, where the host can't say which one it is. */
export function viewOf(reply: Reply, port: number): PfView {
  const fact = (key: string) => reply.facts[key]?.[0];
  const interfaces = new Map(
    parseIfconfig((reply.facts.ifconfig ?? []).join("\n")).map((one) => [
      one.name,
      [...one.inet, ...one.inet6].map(({ address, prefix }) => `${address}/${prefix}`),
    ]),
  );
  return {
    hostUuid: reply.host.hostUuid,
    fingerprint: fact("fingerprint") ?? "",
    marks: new Map([...sections(reply.facts.marks ?? [])].map(([name, text]) => [name, markOf(text)])),
    confPath: fact("conf_path") ?? "/etc/pf.conf",
    files: new Map([...sections(reply.facts.conf ?? [])].map(([name, text]) => [name, `${text}\n`])),
    ssh: sshOf(fact("ssh") ?? "", port, interfaces, fact("way")),
    egress: { ...optional("inet", fact("egress4")), ...optional("inet6", fact("egress6")) },
    interfaces,
  };
}

function optional(key: "inet" | "inet6", value: string | undefined): Partial<Record<"inet" | "inet6", string>> {
  return value === undefined ? {} : { [key]: value };
}

/** SSH_CONNECTION: CLIENT PORT SERVER PORT. Its packets come by the interface with the server's address, or by the one that leads back. */
function sshOf(
  text: string,
  port: number,
  interfaces: ReadonlyMap<string, readonly string[]>,
  way: string | undefined,
): SshConnection {
  const [client, clientPort, server, serverPort] = text.split(" ").map((word) => word.replace(/%.*/, ""));
  if (!client || !server) return { port };
  const carriers = [...interfaces].filter(([, all]) => all.some((one) => one.startsWith(`${server}/`)));
  const devices = [...carriers.map(([name]) => name), ...(way === undefined ? [] : [way])];
  return {
    client,
    server,
    port: Number(serverPort),
    clientPort: Number(clientPort),
    devices: carriers.length === 0 ? undefined : devices,
  };
}

function markOf(text: string): PfMark {
  const line = (key: string) =>
    text
      .split("\n")
      .find((one) => one.startsWith(`${key}=`))
      ?.slice(key.length + 1) ?? "";
  return { token: line("token"), owner: line("owner"), rule: line("rule"), spec: JSON.parse(line("spec") || "{}") };
}
