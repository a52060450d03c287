import { refuse } from "./escape";
import { parseSize } from "./sizes";

/** What rctl(8) counts: bytes, or something else; and what becomes of one who wants more, if nothing else is said. */
const resources: Readonly<Record<string, { bytes: boolean; action?: string }>> = {
  coredumpsize: { bytes: true, action: "deny" },
  cputime: { bytes: false },
  datasize: { bytes: true, action: "deny" },
  maxproc: { bytes: false, action: "deny" },
  memorylocked: { bytes: true, action: "deny" },
  memoryuse: { bytes: true, action: "deny" },
  msgqqueued: { bytes: false, action: "deny" },
  msgqsize: { bytes: true, action: "deny" },
  nmsgq: { bytes: false, action: "deny" },
  nsem: { bytes: false, action: "deny" },
  nsemop: { bytes: false, action: "deny" },
  nshm: { bytes: false, action: "deny" },
  nthr: { bytes: false, action: "deny" },
  openfiles: { bytes: false, action: "deny" },
  pcpu: { bytes: false, action: "deny" },
  pseudoterminals: { bytes: false, action: "deny" },
  readbps: { bytes: true, action: "throttle" },
  readiops: { bytes: false, action: "throttle" },
  shmsize: { bytes: true, action: "deny" },
  stacksize: { bytes: true, action: "deny" },
  swapuse: { bytes: true, action: "deny" },
  vmemoryuse: { bytes: true, action: "deny" },
  wallclock: { bytes: false },
  writebps: { bytes: true, action: "throttle" },
  writeiops: { bytes: false, action: "throttle" },
};

const actions =
  /^(deny|throttle|log|devctl|sig(hup|int|quit|ill|trap|abrt|emt|fpe|kill|bus|segv|sys|pipe|alrm|term|urg|stop|tstp|cont|chld|ttin|ttou|io|xcpu|xfsz|vtalrm|prof|winch|info|usr1|usr2))$/;

/**
 * A limit of a jail, as the end of a rule of rctl(8): `memoryuse:deny=536870912`. The value is an amount ("512m", 100), or an action and an
 * amount ("log=100"); without one, what is too much is denied, or slowed down where that is what a resource takes.
 */
export function limitRule(resource: string, value: string | number): string {
  const kind = resources[resource];
  if (kind === undefined) refuse(resource, "a resource of rctl(8)", Object.keys(resources).join(", "));
  const [, given, amount = ""] = /^(?:([a-z0-9]+)=)?([^=]*)$/.exec(String(value)) ?? [];
  const action = given ?? kind.action;
  if (action === undefined)
    refuse(value, `a limit of ${resource}`, `it can't be denied; say what is to be done, as in "sigkill=${amount}"`);
  const throttled = kind.action === "throttle";
  if (!actions.test(action) || (action === "throttle" && !throttled) || (action === "deny" && kind.action !== "deny"))
    refuse(
      value,
      `a limit of ${resource}`,
      `rctl(8) can't ${action} that; it can log, devctl, and send signals (sigterm)`,
    );
  return `${resource}:${action}=${kind.bytes ? parseSize(amount) : count(resource, value, amount)}`;
}

function count(resource: string, value: unknown, amount: string): number {
  if (/^\d{1,15}$/.test(amount)) return Number(amount);
  return refuse(
    value,
    `a limit of ${resource}`,
    "a whole number, which may have an action in front of it, as in “log=100”",
  );
}
