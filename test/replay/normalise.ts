/** What of an output belongs to one machine or one moment, and so isn't compared. */
export interface Normaliser {
  readonly name: string;
  /** Only for commands like this; for all without it. */
  readonly command?: RegExp;
  readonly pattern: RegExp;
  readonly by: string | ((text: string) => string);
}

const months = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const stars = (text: string): string => text.replace(/[A-Za-z0-9]/g, "*");

/** All there are. Lengths stay where a program gives them (temporary names, digests). */
export const normalisers: readonly Normaliser[] = [
  {
    name: "when a data set was made",
    command: /^.*zfs list .*creation/,
    pattern: new RegExp(`\\w{3} ${months} [ \\d]\\d [ \\d]\\d:\\d\\d 20\\d\\d`, "g"),
    by: "DATE",
  },
  {
    name: "dates in listings",
    pattern: new RegExp(`${months} [ \\d]\\d (?:\\d\\d:\\d\\d| \\d{4})(?= )`, "g"),
    by: "DATE",
  },
  { name: "a pool's number", command: /zpool import/, pattern: /(?<= id: )\d+/g, by: "NUMBER" },
  { name: "date(1)'s default form", pattern: /\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC 20\d\d/g, by: "DATE" },
  { name: "dates in ISO form", pattern: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, by: "DATE" },
  { name: "seconds since 1970", command: /^date /, pattern: /^1[789]\d{8}/gm, by: "SECONDS" },
  { name: "temporary names", command: /^mktemp/, pattern: /(?<=\.)[A-Za-z0-9]+$/gm, by: stars },
  { name: "time(1)'s figures", pattern: / +\d+\.\d\d real +\d+\.\d\d user +\d+\.\d\d sys/g, by: "TIMES" },
  { name: "dd's rate", pattern: /transferred in [\d.]+ secs \(\d+ bytes\/sec\)/g, by: "transferred in TIME" },
  { name: "fetch's rate", command: /^fetch /, pattern: /(?<= B) +\d+ [kMG]?Bps +\d\ds/g, by: " RATE" },
  { name: "process ids", pattern: /(?<=running as pid )\d+/g, by: "PID" },
  { name: "process ids", command: /ps .*pid/, pattern: /^ *\d{2,} /gm, by: "PID " },
  { name: "salts", pattern: /\$6\$[./A-Za-z0-9]+/g, by: "$6$SALT" },
  { name: "digests of that machine's base.txz", command: /MANIFEST/, pattern: /\b[0-9a-f]{64}\b/g, by: stars },
  { name: "a machine's uuid", pattern: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-(?!0{12})[0-9a-f]{12}\b/g, by: stars },
  { name: "hardware addresses made up by epair", pattern: /ether 02(?::[0-9a-f]{2}){4}:0(?=[ab])/g, by: "ether MAC" },
  { name: "hardware addresses made up by bridge", pattern: /ether 58:9c:fc:10(?::[0-9a-f]{2}){2}/g, by: "ether MAC" },
  { name: "counts of packets", command: /netstat/, pattern: /(?<="(?:received|sent)-packets":)\d+/g, by: "COUNT" },
  {
    name: "pf's counts",
    pattern: /(?<=Evaluations: )\d+ +|(?<=^ {2}(?:searches|match)) +\d+ +[\d.]+(?=\/s)/gm,
    by: " COUNT",
  },
  { name: "how long pf has been on", pattern: /(?<=Enabled for )\d+ days [\d:]{8}/g, by: "TIME" },
  { name: "process ids", pattern: /(?<=Inserted: uid 0 pid )\d+/g, by: "PID" },
  { name: "the width of process ids", command: /ps .*pid/, pattern: /^ *PID /gm, by: "PID " },
  {
    name: "numbers of processor sets, which the kernel frees late",
    command: /jls -v/,
    pattern: /^ {8}\d+$/gm,
    by: "SET",
  },
  {
    name: "geli's salt, keys and speed",
    command: /geli dump/,
    pattern: /(?<=(?:iterations|Salt|Master Key|MD5 hash): ).*/g,
    by: "*",
  },
];

/** An output without what is one machine's or one moment's. */
export function normalise(command: string, text: string): string {
  let result = text;
  for (const { command: only, pattern, by } of [...normalisers, ...sizes]) {
    if (only && !only.test(command)) continue;
    result = typeof by === "string" ? result.replace(pattern, by) : result.replace(pattern, (found) => by(found));
  }
  return result;
}

/** Sizes that come from the real disk below, or from the size of FreeBSD's own binaries. */
export const sizes: readonly Normaliser[] = [
  { name: "use of a full image: FFS's indirect blocks", pattern: / +\d{5,} +-\d+ +108%/g, by: " FULL" },
  {
    name: "use of an image by the base's files",
    command: /^(?:df -k \/(?:usr\/jails|srv\/cells)\/|jexec \w+ d[fd] )/,
    pattern: /(?<=\/dev\/md\d+ +\d+ +)\d+ +\d+ +\d+%|^\d+(?=\+0 records| bytes)/gm,
    by: "USE",
  },
  { name: "blocks of images with a file system", command: /\bls -ls/, pattern: /^\d+(?= .*\.img$)/gm, by: "BLOCKS" },
  { name: "sums of blocks", command: /\bdu -s?k/, pattern: /^\d+(?=\t\/usr\/jails|\t\/srv\/cells)/gm, by: "SUM" },
  { name: "sizes of a base", command: /freebsd-dist/, pattern: /\d+(?= DATE (?:\.\/|base\.txz))/g, by: "SIZE" },
  {
    name: "the width of a column of such sizes",
    command: /freebsd-dist/,
    pattern: / +(?=(?:SIZE|\d+) DATE)/g,
    by: " ",
  },
  { name: "the sum of such sizes", command: /freebsd-dist/, pattern: /^total \d+$/gm, by: "total SUM" },
  {
    name: "the heading above the root's disk",
    pattern: /^Filesystem +1024-blocks +Used +Avail(?= Capacity {2}Mounted on\n\/dev\/gpt\/rootfs)/gm,
    by: "HEADING",
  },
  {
    name: "use of the root's disk",
    command: /\bdf --libxo/,
    pattern: /(?<="\/dev\/gpt\/rootfs",)"total-blocks".*?"used-percent":\d+/g,
    by: "USE",
  },
  {
    name: "the links of / and /root to one file",
    pattern: /^(-r-xr-xr-x) +\d+(?= root .*\.(?:cshrc|profile)$)/gm,
    by: "$1 LINKS",
  },
  {
    name: "use of the root's disk",
    command: /\bdf /,
    pattern: /(?<=\/dev\/gpt\/rootfs) +\d+ +\d+ +\d+ +\d+%/g,
    by: " USE",
  },
];
