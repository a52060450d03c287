import { takePicture } from "../engine/harness/picture";
import type { Machine } from "../host/machine";

/** The trees of the zones, whole: modes, owners, flags, sizes, links, contents; disks that are mounted, too. What jails write by themselves is left out. */
const script = `
set -- /usr/jails
for point in $(mount -p | awk '($3 == "ufs" || $3 == "zfs") && $2 != "/" { print $2 }'); do set -- "$@" "$point"; done
[ -d /usr/jails ] || exit 0
echo '== trees'
find -x "$@" ! -path '*/archive/*' ! -path '*/var/run/*' ! -path '*/var/log/*' ! -type d -exec stat -f '%N %Sp %u:%g %Sf %z %Y' {} + | sort
find -x "$@" ! -path '*/var/run/*' -type d -exec stat -f '%N %Sp %u:%g %Sf' {} + | sort
echo '== contents of trees'
find -x "$@" ! -path '*/sharedfs/*' ! -path '*/template/*' ! -path '*/archive/*' ! -name '*.img' ! -path '*/var/run/*' ! -path '*/var/log/*' -type f -exec sha256 -r {} + | sort -k 2
echo '== marks'
cd /var/db/pulumi-freebsd-jails 2>/dev/null && grep -r '' . | grep -v -e ':token=' | sort
if kldstat -qm zfs; then
  echo '== data sets'
  zfs get -H -p -r -o name,property,value,source origin,mountpoint,mounted,refquota,compression,jailed,pulumi-freebsd-jails:kind tank
fi
ls /var/run | grep -e pulumi -e '^jail_.*id$' | grep -v 'pulumi-freebsd-jails\\.'
`;

/** All of a host that may differ between an operation that went well and one that was disturbed. */
export async function wholePicture(machine: Machine): Promise<readonly string[]> {
  const target = { sh: (command: string) => machine.sh(command) } as Parameters<typeof takePicture>[0];
  const lines = [...(await takePicture(target)), ...(await machine.sh(script)).stdout.split("\n")];
  // The rc(8) of a jail that started without room on the disk made none of these.
  const wanted = lines.filter(
    (line) => !/\/usr\/jails\/\S+(?:\/tmp\/\.(?:ICE|X11|XIM|font)-unix|\/var\/run)\b/.test(line),
  );
  return wanted.map((line) =>
    line
      .replace(/\d{8}T\d{6}Z/g, "TIME")
      .replace(/(?<=@pulumi-freebsd-jails\.)\w+/, "TOKEN")
      .replace(/\b(created|sha256|kilobytes)=\w+/g, "$1="),
  );
}
