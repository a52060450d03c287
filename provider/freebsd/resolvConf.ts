import { isOneLine, refuse } from "./escape";
import { formatIp, parseIp } from "./ipAddress";
import { hostName } from "./names";

/** The settings of a resolv.conf(5). */
export interface ResolvConf {
  readonly nameservers?: readonly string[] | undefined;
  readonly search?: readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
}

/** More name servers than these the resolver passes over (MAXNS, MAXDNSRCH of resolv.h). */
const mostServers = 3;
const mostDomains = 6;

const flags = [
  "debug",
  "edns0",
  "inet6",
  "insecure1",
  "insecure2",
  "no-check-names",
  "no_tld_query",
  "rotate",
  "usevc",
];
const counts = ["ndots", "timeout", "attempts", "reload-period"];

/** The text of a resolv.conf(5). */
export function renderResolvConf({ search = [], nameservers = [], options = [] }: ResolvConf): string {
  if (nameservers.length > mostServers) refuse(nameservers, "a list of name servers", `at most ${mostServers} of them`);
  if (search.length > mostDomains || search.join(" ").length > 256) {
    refuse(search, "a list of domains to search", `at most ${mostDomains} of them, with at most 256 letters in all`);
  }
  return [
    ...(search.length > 0 ? [`search ${search.map(domain).join(" ")}\n`] : []),
    ...nameservers.map((server) => `nameserver ${nameserver(server)}\n`),
    ...(options.length > 0 ? [`options ${options.map(option).join(" ")}\n`] : []),
  ].join("");
}

/** Checks the lines of a resolv.conf(5) that was written by hand, and returns it with a line break at its end. */
export function checkResolvConf(text: string): string {
  for (const line of text.split("\n")) checkLine(line);
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function checkLine(line: string): void {
  const content = line
    .replaceAll("\t", " ")
    .replace(/[#;].*/, "")
    .trim();
  if (!isOneLine(line.replaceAll("\t", " "))) refuse(line, "a line of resolv.conf", "no control characters");
  const [keyword = "", ...words] = content.split(/ +/);
  if (keyword === "") return;
  const allowed = "a line begins with nameserver, search, domain, options or sortlist, and words follow";
  if (!["nameserver", "search", "domain", "options", "sortlist"].includes(keyword) || words.length === 0) {
    refuse(line, "a line of resolv.conf", allowed);
  }
  if (keyword === "nameserver") nameserver(words.join(" "));
}

/** An address; one that is link-local has its interface with it (`fe80::1%em0`). */
function nameserver(value: string): string {
  const [, address = "", zone = ""] = /^(fe[89ab][0-9a-f]:[^%]*)(%[A-Za-z][A-Za-z0-9._-]*)$/i.exec(value) ?? [
    value,
    value,
  ];
  return formatIp(parseIp(address)) + zone;
}

function domain(value: string): string {
  return value === "." ? value : hostName(value.replace(/\.$/, "")) && value;
}

function option(value: string): string {
  const [name = "", count, ...rest] = value.split(":");
  const isCount = counts.includes(name) && /^\d{1,5}$/.test(count ?? "") && rest.length === 0;
  if (isCount || flags.includes(value)) return value;
  return refuse(
    value,
    "an option of resolv.conf",
    `${flags.join(", ")}, or ${counts.map((one) => `${one}:n`).join(", ")}`,
  );
}
