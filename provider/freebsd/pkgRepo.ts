import { isOneLine, refuse } from "./escape";

/** A repository of packages (pkg.conf(5)). What is left out stays as another file of the same repository has it. */
export interface PkgRepo {
  readonly name: string;
  readonly url?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly mirrorType?: "srv" | "http" | "none" | undefined;
  readonly signatureType?: "fingerprints" | "pubkey" | "none" | undefined;
  readonly fingerprints?: string | undefined;
  readonly pubkey?: string | undefined;
  readonly priority?: number | undefined;
}

/** The text of a file in /usr/local/etc/pkg/repos/ (pkg.conf(5)), as FreeBSD's own /etc/pkg/FreeBSD.conf looks. */
export function renderPkgRepo(repo: PkgRepo): string {
  const { url, mirrorType, priority } = repo;
  if (url !== undefined) checkUrl(url);
  if (mirrorType === "srv" && url !== undefined && !url.startsWith("pkg+")) {
    refuse(
      url,
      "the address of a repository that is found by SRV records",
      'begin it with "pkg+", or take another mirrorType',
    );
  }
  if (priority !== undefined && !Number.isSafeInteger(priority)) refuse(priority, "a priority", "whole numbers only");
  const lines = [
    ...line("url", quoted(url)),
    ...line("mirror_type", quoted(mirrorType)),
    ...line("signature_type", quoted(repo.signatureType)),
    ...line("fingerprints", quoted(repo.fingerprints)),
    ...line("pubkey", quoted(repo.pubkey)),
    ...line("priority", priority),
    ...line("enabled", repo.enabled === undefined ? undefined : repo.enabled ? "yes" : "no"),
  ];
  return `${pkgRepoName(repo.name)}: {\n${lines.join(",\n")}${lines.length > 0 ? "\n" : ""}}\n`;
}

/** Checks the name of a repository, which is the name of its file, too. */
export function pkgRepoName(value: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/.test(value)) return value;
  return refuse(value, "the name of a repository", "letters, digits, “_” and “-”, at most 100, not beginning with “-”");
}

function checkUrl(url: string): void {
  if (/^(pkg\+)?(https?|file|ssh|ftp):\/\/[^\s"'\\<>]+$/.test(url) && isOneLine(url)) return;
  refuse(
    url,
    "the address of a repository",
    "begin with http://, https://, file:// or ssh:// (pkg+ in front for SRV), without spaces and quotes",
  );
}

function line(key: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`  ${key}: ${value}`];
}

/** A string of UCL; `${ABI}` in it is pkg's business. */
function quoted(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!isOneLine(value)) refuse(value, "a value of pkg.conf", "one line, without control characters");
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
