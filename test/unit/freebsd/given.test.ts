import { commandLine } from "../../../provider/freebsd/commandLine";
import { cpuList, lastCpu } from "../../../provider/freebsd/cpuList";
import { isKernels, otherParameter } from "../../../provider/freebsd/jailParameter";
import { limitRule } from "../../../provider/freebsd/rctl";

test.each([
  ["0", "0", 0],
  ["3,1,0,2", "0-3", 3],
  ["0-1, 3", "0-1,3", 3],
  ["5,5,4-6", "4-6", 6],
])("the processors %s are %s", (text, canonical, last) => {
  expect(cpuList(text)).toBe(canonical);
  expect(lastCpu(cpuList(text))).toBe(last);
});

test.each(["", "a", "1-", "3-1", "-1", "1;reboot", "4096", "0,,1"])("%j is no list of processors", (text) => {
  expect(() => cpuList(text)).toThrow(/is not a list of processors/);
});

test.each<[string, string | number, string]>([
  ["memoryuse", "512m", "memoryuse:deny=536870912"],
  ["maxproc", 100, "maxproc:deny=100"],
  ["readbps", "10m", "readbps:throttle=10485760"],
  ["cputime", "sigterm=3600", "cputime:sigterm=3600"],
  ["openfiles", "log=1000", "openfiles:log=1000"],
  ["pcpu", 50, "pcpu:deny=50"],
])("a limit of %s to %s is the rule %s", (resource, value, rule) => {
  expect(limitRule(resource, value)).toBe(rule);
});

test.each<[string, string | number, RegExp]>([
  ["memory", "1g", /resource of rctl\(8\): .*memoryuse/],
  ["memoryuse", "much", /size/],
  ["memoryuse", "deny=1g=2g", /limit of memoryuse|size/],
  ["maxproc", "1k", /whole number/],
  ["maxproc", -1, /whole number/],
  ["maxproc", "kill=5", /can't kill/],
  ["maxproc", "throttle=5", /can't throttle/],
  ["wallclock", 60, /can't be denied; .*sigkill=60/],
  ["readbps", "deny=5", /can't deny/],
])("a limit of %s to %j is refused", (resource, value, message) => {
  expect(() => limitRule(resource, value)).toThrow(message);
});

test.each(["echo 'a b' \"c\" $HOME `id` \\ ü", "/bin/sh -c 'exit 0' &", "a\tb"])("%j is a command line", (line) => {
  expect(commandLine(line)).toBe(line);
});

test.each(["", "  ", "a\0b", "a\nb", "a\rb", "a\u0007b", "\ud800"])("%j is none", (line) => {
  expect(() => commandLine(line)).toThrow(/is not a command line/);
});

test.each([
  ["ip4.addr", /`addresses`/],
  ["exec.timeout", /`startTimeout`/],
  ["persist", /every jail has it/],
  ["allow.noset_hostname", /value false/],
  ["a b", /name of a jail's parameter/],
])("the parameter %s is refused", (name, message) => {
  expect(() => otherParameter(name)).toThrow(message);
});

test("what jail(8) reads by itself is not asked of the kernel", () => {
  expect([otherParameter("host.domainname"), otherParameter("exec.jail_user")].map(isKernels)).toEqual([true, false]);
});
