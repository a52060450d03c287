import { refuse } from "./escape";

/** A release as uname(1) -r says it, without the patch level. */
interface Release {
  readonly major: number;
  readonly minor: number;
  readonly branch: string;
}

/** Checks the name of a release as the distribution sites have it: `13.2-RELEASE`, `14.0-RC1`, `15.0-CURRENT`. */
export function releaseName(value: string): string {
  parse(value);
  return value;
}

/** The release of a kernel, from `uname -K` (uname(1)): 1302001 is `13.2`. */
export function releaseOfKernel(osreldate: number): string {
  const { major, minor } = kernel(osreldate);
  return `${major}.${minor}`;
}

/** True if a release's programs may need a kernel that is newer than this one (`uname -K`). */
export function isNewerThanKernel(release: string, osreldate: number): boolean {
  const wanted = parse(release);
  const running = kernel(osreldate);
  if (wanted.major !== running.major) return wanted.major > running.major;
  if (wanted.minor !== running.minor) return wanted.minor > running.minor;
  // 13.2-STABLE is what comes after 13.2-RELEASE, and its kernels count from 1302500 on.
  return wanted.branch === "STABLE" && running.rest < 500;
}

function parse(value: string): Release {
  const parts = /^([1-9]\d?)\.(\d{1,2})-(RELEASE|STABLE|CURRENT|PRERELEASE|(?:ALPHA|BETA|RC)[1-9]\d?)$/.exec(value);
  if (/-p\d+$/.test(value)) {
    refuse(value, "the name of a release", "leave the patch level (-p…) out");
  }
  if (!parts) refuse(value, "the name of a release", "write it as 13.2-RELEASE, 14.0-RC1, 14.1-STABLE or 15.0-CURRENT");
  return { major: Number(parts[1]), minor: Number(parts[2]), branch: parts[3] ?? "" };
}

function kernel(osreldate: number): { major: number; minor: number; rest: number } {
  if (!Number.isInteger(osreldate) || osreldate < 500_000 || osreldate > 9_999_999) {
    refuse(osreldate, "the version of a kernel", "uname -K prints a number such as 1302001");
  }
  const major = Math.floor(osreldate / 100_000);
  return { major, minor: Math.floor((osreldate % 100_000) / 1000), rest: osreldate % 1000 };
}
