import { forgetClaims } from "../../../provider/resources/claims";
import * as imageJail from "../../../provider/resources/imageJail";
import { definition } from "../../../provider/resources/imageJail";
import { imageChanges, imageSchema } from "../../../provider/resources/imageSchema";
import * as jail from "../../../provider/resources/jail";
import type { Provider } from "../../../provider/resources/resource";
import { UNKNOWN } from "../../../provider/resources/unknown";

beforeEach(forgetClaims);

type Properties = Record<string, unknown>;

const shop = {
  owner: "project/stack/shop",
  name: "shop",
  base: "/usr/jails/sharedfs/13.2-RELEASE",
  image: { size: "64m" },
};

async function check(properties: Properties, olds: Properties = {}, provider: Pick<Provider, "check"> = imageJail) {
  return provider.check(olds, { ...shop, __provider: "code", ...properties });
}

async function reasons(properties: Properties, olds?: Properties, provider?: Pick<Provider, "check">): Promise<string> {
  return (await check(properties, olds, provider)).failures.map(({ reason }) => reason).join("\n");
}

async function config(image: Properties): Promise<string> {
  return String((await check({ image: { size: "64m", ...image } })).inputs["config"]);
}

describe("a bad disk is refused in the preview", () => {
  const encrypted = (encryption: Properties) => ({ image: { size: "64m", encryption } });

  test.each<[string, Properties, RegExp]>([
    ["no disk", { image: undefined }, /^ImageJail shop: image: is required/],
    ["a size that isn't one", { image: { size: "5x" } }, /image\.size: "5x" is not a size/],
    ["a broken size", { image: { size: "1.5g" } }, /image\.size: "1\.5g" is not a size/],
    ["a size of nothing", { image: { size: 0 } }, /image\.size: 0 is not a size/],
    ["a size below nothing", { image: { size: -5 } }, /image\.size: -5 is not a size/],
    ["a size of no whole blocks", { image: { size: 6_000_001 } }, /image\.size: .*has to be a multiple of 4k/],
    ["a size too small for a file system", { image: { size: "256k" } }, /256k is too small .* needs at least 5m/],
    ["a size too small to be encrypted", encryptedSize("5m"), /5m is too small .* needs at least 8m/],
    [
      "a path outside of the root",
      { image: { size: "5m", path: "/tmp/shop.img" } },
      /image\.path: \/tmp\/shop\.img lies outside of \/usr\/jails\/images/,
    ],
    [
      "a path inside of the jail",
      { image: { size: "5m", path: "/usr/jails/shop/shop.img" } },
      /image\.path: .* lies outside of/,
    ],
    ["a path with ..", { image: { size: "5m", path: "/usr/jails/images/../x.img" } }, /image\.path: /],
    [
      "a path that mdconfig can't tell from others",
      { image: { size: "5m", path: "/usr/jails/images/a.img.old" } },
      /end in \.img/,
    ],
    ["an empty passphrase", encrypted({ passphrase: "" }), /image\.encryption\.passphrase: is empty/],
    ["a passphrase of two lines", encrypted({ passphrase: "a\nb" }), /passphrase: has to be one line/],
    ["neither passphrase nor key file", encrypted({}), /image\.encryption: give a passphrase or a keyfile/],
    ["both", encrypted({ passphrase: "x", keyfile: "/root/key" }), /image\.encryption: give a passphrase or a keyfile/],
    ["an unknown algorithm", encrypted({ passphrase: "x", algorithm: "ROT13" }), /image\.encryption\.algorithm: /],
    [
      "a key that the algorithm hasn't",
      encrypted({ passphrase: "x", keyLength: 192 }),
      /keyLength: AES-XTS takes 128 or 256/,
    ],
    ["no iterations", encrypted({ passphrase: "x", iterations: 0 }), /iterations: /],
    ["a state that there isn't", { state: "paused" }, /state: /],
    ["an unknown property of the disk", { image: { size: "5m", speed: 1 } }, /image: .*speed/],
  ])("%s", async (_name, properties, reason) => {
    expect(await reasons(properties)).toMatch(reason);
  });

  function encryptedSize(size: string): Properties {
    return { image: { size, encryption: { passphrase: "x" } } };
  }

  test("two jails on one disk", async () => {
    const image = { size: "5m", path: "/usr/jails/images/one.img" };
    expect(await reasons({ image })).toBe("");
    expect(await reasons({ image, name: "other", owner: "project/stack/other" })).toMatch(
      /the disk \/usr\/jails\/images\/one\.img is taken by ImageJail project\/stack\/shop/,
    );
  });

  test("a Jail and an ImageJail of one name", async () => {
    expect(await reasons({})).toBe("");
    expect(await reasons({ image: undefined }, {}, jail)).toMatch(/the jail name shop is taken by ImageJail/);
  });

  test("a passphrase never stands in a failure", async () => {
    expect(await reasons(encrypted({ passphrase: "HUNTER2", keyLength: 7 }))).not.toContain("HUNTER2");
  });
});

describe("a disk that is there", () => {
  test("grows, and never gets smaller", async () => {
    const olds = { image: { size: "64m" } };
    expect(await reasons({ image: { size: "65m" } }, olds)).toBe("");
    expect(await reasons({ image: { size: "32m" } }, olds)).toMatch(
      /image\.size: a disk only grows, and it has 64m already; .*restore/,
    );
  });

  test("is not encrypted afterwards, nor opened", async () => {
    const encrypted = { size: "64m", encryption: { passphrase: "x" } };
    expect(await reasons({ image: encrypted }, { image: { size: "64m" } })).toMatch(/image\.encryption: /);
    expect(await reasons({}, { image: encrypted })).toMatch(/image\.encryption: /);
  });

  test.each<[string, Properties, readonly string[]]>([
    ["a larger size", { size: "65m" }, []],
    ["another passphrase", { encryption: { passphrase: "y", algorithm: "AES-XTS", keyLength: 256 } }, []],
    ["another algorithm", { encryption: { passphrase: "x", algorithm: "AES-CBC", keyLength: 256 } }, ["image"]],
    ["another key length", { encryption: { passphrase: "x", algorithm: "AES-XTS", keyLength: 128 } }, ["image"]],
  ])("with %s is replaced, or not", async (_name, image, replaces) => {
    const before = { size: "64m", sparse: true, encryption: { passphrase: "x", algorithm: "AES-XTS", keyLength: 256 } };
    const olds = { ...shop, image: before };
    expect((await imageJail.diff("id", olds, { ...shop, image: { ...before, ...image } })).replaces).toEqual(replaces);
  });

  test("has a line in the table for each of its properties", () => {
    const disk = Object.keys(imageSchema.shape).filter((key) => key !== "encryption");
    const key = Object.keys(imageSchema.shape.encryption.unwrap().shape);
    const all = [...disk.map((name) => `image.${name}`), ...key.map((name) => `image.encryption.${name}`)];
    expect(all.filter((name) => !(name in imageChanges))).toEqual([]);
    const own = Object.keys(definition.shape).filter((name) => !["connection", "owner", "image"].includes(name));
    expect([...own, ...Object.keys(definition.derived)].filter((name) => !(name in imageChanges))).toEqual([]);
  });
});

describe("jail.conf", () => {
  test("attaches a disk by its file, checks it, mounts it, and lets it go", async () => {
    const lines = (await config({}))
      .split("\n")
      .filter((line) => line.includes("exec.prepare") || line.includes("exec.release"));
    expect(lines).toEqual([
      String.raw`	exec.prepare = "[ -n \"\$(mdconfig -lf /usr/jails/images/shop.img)\" ] || mdconfig -a -t vnode -f /usr/jails/images/shop.img >/dev/null";`,
      String.raw`	exec.prepare += "set -- \$(mdconfig -lf /usr/jails/images/shop.img); [ \$# = 1 ] || { echo \"/usr/jails/images/shop.img is attached \$# times\" >&2; exit 1; }; mount -p | grep -q \"^/dev/\$1[[:space:]]*/usr/jails/shop[[:space:]]\" || { fsck_ffs -p /dev/\$1 >&2 && mount /dev/\$1 /usr/jails/shop; } || { mdconfig -du \$1; exit 1; }";`,
      String.raw`	exec.release = "umount /usr/jails/shop || { sleep 1; umount -f /usr/jails/shop; }; for md in \$(mdconfig -lf /usr/jails/images/shop.img); do mdconfig -du \$md; done";`,
    ]);
  });

  test("says no key of an encrypted disk, and doesn't start it at boot", async () => {
    const encryption = { passphrase: "HUNTER2" };
    const text = await config({ encryption });
    expect(text).not.toContain("HUNTER2");
    expect(text).toMatch(/exec\.release = .*geli detach \\\$md\.eli; mdconfig -du \\\$md/);
    const { inputs } = await check({ image: { size: "64m", encryption } });
    expect(inputs["rc"]).toMatch(/^if \[ -e \/var\/run\/jail_shop\.id \]; then\n/);
  });
});

describe("running and state", () => {
  test.each<[Properties, Properties]>([
    [{}, { running: true, state: "running" }],
    [{ running: false }, { running: false, state: "stopped" }],
    [{ state: "attached" }, { running: false, state: "attached" }],
    [{ state: "stopped" }, { running: false, state: "stopped" }],
    [{ running: UNKNOWN }, { running: UNKNOWN, state: UNKNOWN }],
  ])("%j says %j", async (given, expected) => {
    expect((await check(given)).inputs).toMatchObject(expected);
  });
});

test("a size has one spelling", async () => {
  for (const size of ["1g", "1024m", 1073741824]) {
    expect((await check({ image: { size } })).inputs["image"]).toEqual({ size: "1g", sparse: true });
  }
});
