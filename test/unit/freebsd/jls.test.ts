import { InvalidValue } from "../../../provider/freebsd/escape";
import { parseJls } from "../../../provider/freebsd/jls";
import { outputsOf } from "./recorded";

const t1 = {
  jid: 3,
  name: "t1",
  path: "/usr/jails/t1",
  hostname: "t1",
  dying: false,
  ip4: ["192.168.1.1"],
  ip6: [],
};

describe("jls -n", () => {
  it.each([["jls -n --libxo json"], ["jls --libxo json,pretty -n all"], ["jls -n"]])(
    "%s shows the recorded jail",
    (command) => {
      const [jail, ...others] = parseJls(outputsOf("04-jails.txt", command).at(-1) ?? "");
      expect(others).toEqual([]);
      expect(jail).toMatchObject(t1);
      expect(jail?.parameters).toMatchObject({
        devfs_ruleset: "0",
        persist: false,
        securelevel: "-1",
        "allow.raw_sockets": false,
        "allow.mount.devfs": false,
        "allow.set_hostname": true,
        "children.max": "0",
        "host.domainname": "",
        "ip4.addr": ["192.168.1.1"],
        "ip4.saddrsel": true,
        "ip6.addr": [],
      });
    },
  );

  it("says the same as lines and as JSON", () => {
    const [line = "", json = ""] = ["jls -n", "jls -n --libxo json"].map(
      (command) => outputsOf("04-jails.txt", command).at(-1) ?? "",
    );
    expect(parseJls(line)).toEqual(parseJls(json));
  });

  it.each([["jls -n"], ["jls --libxo json"]])("%s without a jail shows none", (command) => {
    expect(parseJls(outputsOf("04-jails.txt", command)[0] ?? "?")).toEqual([]);
  });

  it("believes no jail that gives its host a name of line breaks, quotes and parameters", () => {
    const name = 'x\\nname=other path=/ \\"}, {\\"jid\\":\\"1\\" \u0001\t';
    const text = `{"__version": "2", "jail-information": {"jail": [{"jid":"3","name":"t1","path":"/usr/jails/t1","host.hostname":"${name}"}]}}`;
    const hostname = 'x\nname=other path=/ "}, {"jid":"1" \u0001\t';
    expect(parseJls(text)).toMatchObject([{ jid: 3, name: "t1", path: "/usr/jails/t1", hostname }]);
  });

  it("shows several addresses", () => {
    const line = "jid=7 name=m ip4.addr=10.1.1.1,10.1.1.2 ip6.addr=fd00:1::2";
    expect(parseJls(line)).toMatchObject([{ jid: 7, name: "m", ip4: ["10.1.1.1", "10.1.1.2"], ip6: ["fd00:1::2"] }]);
  });

  it("keeps spaces in a value, since jls doesn't quote them", () => {
    const line = "dying jid=7 name=a b c path=/usr/my jails/x nopersist allow.raw_sockets";
    expect(parseJls(line)).toMatchObject([
      {
        name: "a b c",
        path: "/usr/my jails/x",
        dying: true,
        parameters: { persist: false, "allow.raw_sockets": true },
      },
    ]);
  });

  it.each(["{", "[]", '{"jail-information": {}}', "jail: nothing", '{"jail-information": {"jail": [{"jid": "x"}]}}'])(
    "%s is an error",
    (text) => {
      expect(() => parseJls(text)).toThrow(InvalidValue);
    },
  );
});
