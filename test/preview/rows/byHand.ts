/** What somebody does to a jail by hand, and the property in which a refresh shows it. */
type ByHand = readonly [command: string, found: string];

/** A line of its configuration is edited. */
export function edited(from: string, to: string): ByHand {
  return [`sed -i '' -e 's#${from}#${to}#' /etc/jail.conf.d/$name.conf`, "config"];
}

/** A parameter is changed while it runs. */
export function changedLive(parameter: string, found: string): ByHand {
  return [`jail -m name=$name ${parameter}`, found];
}

export const stopped: ByHand = ["service jail onestop $name", "running"];
export const unconfigured: ByHand = ["rm /etc/jail.conf.d/$name.conf", "config"];
export const outOfTheBoot: ByHand = ["rm /etc/rc.conf.d/jail/50-$name", "rc"];
export const gone: ByHand = [
  "service jail onestop $name; chflags -R 0 /usr/jails/$name; rm -rf /usr/jails/$name",
  "gone",
];
export const renamed: ByHand = ["jail -m jid=$(jls -j $name jid) name=$name-by-hand", "consoleCommand"];
export const unmounted: ByHand = ["umount -f /usr/jails/$name/sharedfs", "config"];
export const withoutAlias: ByHand = ["ifconfig lo1 $ip -alias", "addresses"];
