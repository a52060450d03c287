import { parseSize } from "../freebsd/sizes";
import { type ImageValues, imageFile } from "./imageSchema";
import { type DiskHooks, jailConfig, jailPath, jailRc } from "./jailText";

/** The complete text of /etc/jail.conf.d/NAME.conf: a Jail's, with its disk attached before and detached afterwards. */
export function imageConfig(values: ImageValues): string {
  const file = imageFile(values);
  const path = jailPath(values);
  const disk = values.image.encryption === undefined ? openDisk(file, path) : encryptedDisk(file, path, values.name);
  return jailConfig(values, disk);
}

/** What stands in its file in /etc/rc.conf.d/jail/. Nobody is there at boot to give a passphrase. */
export function imageRc(values: Pick<ImageValues, "name" | "autostart" | "after" | "adopt" | "image">): string {
  return jailRc({
    name: values.name,
    after: values.after,
    adopt: values.adopt,
    autostart: values.autostart && values.image.encryption === undefined,
  });
}

/**
 * Shell command lines that are complete in themselves, since nothing of ours is on the host. A unit is always looked up by its file; a
 * disk that a failed start left mounted is taken as it is.
 */
function openDisk(file: string, path: string): DiskHooks {
  return {
    prepare: [
      `[ -n "$(mdconfig -lf ${file})" ] || mdconfig -a -t vnode -f ${file} >/dev/null`,
      `${mountOnce(file, path, "")} || { mdconfig -du $1; exit 1; }`,
    ],
    release: [`${unmount(path)}; for md in $(mdconfig -lf ${file}); do mdconfig -du $md; done`],
  };
}

function encryptedDisk(file: string, path: string, name: string): DiskHooks {
  return {
    prepare: [
      `set -- $(mdconfig -lf ${file}); [ -e /dev/$1.eli ] || { echo "${file} is encrypted: pulumi up starts ${name} with its passphrase" >&2; exit 1; }`,
      mountOnce(file, path, ".eli"),
    ],
    release: [`${unmount(path)}; for md in $(mdconfig -lf ${file}); do geli detach $md.eli; mdconfig -du $md; done`],
  };
}

/** The jail's processes were killed, but the last of them may need a moment to go. */
function unmount(path: string): string {
  return `umount ${path} || { sleep 1; umount -f ${path}; }`;
}

/** Checked and mounted, unless it is mounted there already; an error where it is attached twice. */
function mountOnce(file: string, path: string, suffix: string): string {
  const device = `/dev/$1${suffix}`;
  return [
    `set -- $(mdconfig -lf ${file})`,
    `[ $# = 1 ] || { echo "${file} is attached $# times" >&2; exit 1; }`,
    `mount -p | grep -q "^${device}[[:space:]]*${path}[[:space:]]" || { fsck_ffs -p ${device} >&2 && mount ${device} ${path}; }`,
  ].join("; ");
}

/** Options of newfs(8): a small disk has small blocks, since most files of a jail are small. */
export function newfsOptions({ size, encryption }: ImageValues["image"]): string {
  return encryption === undefined && parseSize(size) < parseSize("32m") ? "-U -b 4096 -f 512 -i 4096" : "-U";
}
