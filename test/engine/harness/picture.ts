import type { Target } from "./target";

/**
 * What a host consists of, as lines: every file's path, mode and owner, the digests of what is configured, mounts, interfaces with
 * their addresses, jails, disks in files, and pf's rules. Left out is what changes by itself.
 */
const script = `
look() {
  echo '== files'
  find -x / \\( -path /dev -o -path /proc -o -path /var/run -o -path /var/log -o -path /var/mail -o -path /var/spool \\
    -o -path /var/db/entropy -o -path /root/.cache -o -path '/tmp/ssh-*' \\) -prune -o -print | sort
  find /var/log -name 'jail*' | sort
  echo '== modes'
  set --
  for path in /etc /usr/local/etc /boot/loader.conf /root; do [ ! -e "$path" ] || set -- "$@" "$path"; done
  find -x "$@" -exec stat -f '%N %Sp %u:%g %Sf' {} + | sort
  echo '== contents'
  find -x "$@" -type f -exec sha256 -r {} + | sort -k 2
  echo '== mounts'
  mount -p | sort
  echo '== interfaces'
  ifconfig -a | grep -v -e '[[:space:]]nd6 ' -e '[[:space:]]status:'
  echo '== jails'
  jls name path host.hostname ip4.addr
  echo '== disks in files'
  mdconfig -l
  echo '== pf'
  { pfctl -s rules; pfctl -s nat; } 2>/dev/null
}
exec 3>&1
complaints=$(look 2>&1 >&3)
[ -z "$complaints" ] || { echo "$complaints" >&2; exit 1; }
`;

/** How often a host may be looked at until nothing vanishes under our eyes. */
const attempts = 3;

/** Looks at the whole host. Two pictures of an unchanged host are equal. Whatever a command complains of makes it useless. */
export async function takePicture(target: Target): Promise<readonly string[]> {
  let complaints = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { stdout, stderr, status } = await target.sh(script);
    if (status === 0) return stdout.split("\n");
    complaints = stderr;
  }
  throw new Error(`The host can't be looked at: ${complaints}`);
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
