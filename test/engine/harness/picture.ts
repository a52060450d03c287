import type { Target } from "./target";

/**
 * What a host consists of, as lines: every file's path, mode and owner, the digests of what is configured, mounts, interfaces with
 * their addresses, jails, disks in files, and pf's rules. Left out is what changes by itself.
 */
const script = `
echo '== files'
find -x / \\( -path /dev -o -path /proc -o -path /tmp -o -path /var/tmp -o -path /var/run -o -path /var/log -o -path /var/mail \\
  -o -path /root/.cache -o -path /var/spool -o -path /var/db/entropy \\) -prune -o -print | sort
echo '== modes'
find -x /etc /usr/local/etc /boot /root -exec stat -f '%N %Sp %u:%g %Sf' {} + 2>/dev/null | sort
echo '== contents'
find -x /etc /usr/local/etc /boot/loader.conf /root -type f -exec sha256 -r {} + 2>/dev/null | sort -k 2
echo '== mounts'
mount -p | sort
echo '== interfaces'
ifconfig -a | grep -v -e '[[:space:]]nd6 ' -e '[[:space:]]status:'
echo '== jails'
jls -N name path host.hostname ip4.addr
echo '== disks in files'
mdconfig -l
echo '== pf'
pfctl -s rules 2>/dev/null
pfctl -s nat 2>/dev/null
exit 0
`;

/** Looks at the whole host. Two pictures of an unchanged host are equal. Whatever a command complains of makes it useless. */
export async function takePicture(target: Target): Promise<readonly string[]> {
  const { stdout, stderr, status } = await target.sh(script);
  if (status !== 0 || stderr !== "") throw new Error(`The host can't be looked at: ${stderr}`);
  return stdout.split("\n");
}

/** What was added (`+`) and what has gone (`-`) between two pictures, under the heading that it stands below. */
export function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const old = new Set(withHeadings(before));
  const now = new Set(withHeadings(after));
  return [
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}

function withHeadings(lines: readonly string[]): string[] {
  let heading = "";
  return lines.map((line) => {
    if (line.startsWith("== ")) heading = line.slice("== ".length);
    return `${heading}: ${line}`;
  });
}
