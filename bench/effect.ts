import { type JailValues, jailShape } from "../provider/resources/jailSchema";
import { jailConfig, jailRc } from "../provider/resources/jailText";
import { validate } from "../provider/resources/validate";

/** What a jail of the comparison is: a name and an address of its own on lo1. */
export interface Wanted {
  readonly name: string;
  readonly address: string;
}

/** The jails j1, j2 …, as many as asked for. */
export function wanted(count: number): Wanted[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `j${i + 1}`,
    address: `lo1|10.1.${Math.floor(i / 250)}.${(i % 250) + 1}/32`,
  }));
}

/** What puts one jail on the host with the shell alone, a command each: the same files, the same tree, the same running jail as ours. */
export function making({ name, address }: Wanted, base: string): string[] {
  const root = "/usr/jails";
  const values = validate(jailShape, { owner: "bench", name, base, addresses: [address] }).values as JailValues;
  const conf = `/etc/jail.conf.d/${name}.conf`;
  return [
    "mkdir -p /etc/jail.conf.d /etc/rc.conf.d/jail",
    `printf '%s' ${quote(jailConfig(values))} >${conf}`,
    `cp -a ${base.replace("/sharedfs/", "/template/")} ${root}/${name}`,
    `cp /etc/resolv.conf ${root}/${name}/etc/resolv.conf`,
    `printf '%s' ${quote(jailRc(values))} >/etc/rc.conf.d/jail/50-${name}`,
    `jail -q -f ${conf} -c ${name} >/dev/null`,
    `jls -j ${name} jid >/var/run/jail_${name}.id`,
  ];
}

/** What takes it away again. */
export function removing({ name }: Wanted): string[] {
  const conf = `/etc/jail.conf.d/${name}.conf`;
  return [
    `jail -q -f ${conf} -r ${name} >/dev/null`,
    `chflags -R 0 /usr/jails/${name}`,
    `rm -rf /usr/jails/${name}`,
    `rm -f ${conf} /etc/rc.conf.d/jail/50-${name} /var/run/jail_${name}.id /var/log/jail_${name}_console.log`,
  ];
}

/** A word of sh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
