import * as pulumi from "@pulumi/pulumi";
import { type ImageArgs, ImageJail, type ImageJailArgs } from "./imageJail";
import { Jail, type JailArgs } from "./jail";
import type { LoopbackInterface } from "./loopbackInterface";

/** The properties of a {@link JailGroup}: a Jail's, for all of its jails, and how many there are. */
export interface JailGroupArgs
  extends Omit<JailArgs, "addresses" | "hostname" | "restore" | "group" | "interface" | "datasets"> {
  /** How many jails. A higher number adds some behind the last, a lower one removes the last. */
  count: number;
  /** What all names begin with: NAME-1, NAME-2 …, which is the group's name too. Default: the resource's own name. */
  name?: pulumi.Input<string> | undefined;
  /** Each jail has one of its addresses, one after another. Default: none, and so no network. */
  interface?: LoopbackInterface | undefined;
  /** Which of its addresses the first jail has. Default: 2, since the interface itself has the first. */
  firstAddress?: number | undefined;
  /** With a disk, they are image jails, each with one of its own in ROOT/images/. */
  image?: pulumi.Input<Omit<ImageArgs, "path">> | undefined;
}

/**
 * So many like jails (qjail's duplicates), with consecutive addresses. What changes for the group, changes for one jail after another; when
 * one of them fails, those still waiting are left alone.
 *
 * @example
 * const web = new JailGroup("web", { base, count: 3, interface: lo1, firstAddress: 4, flavors: [site] });
 */
export class JailGroup extends pulumi.ComponentResource {
  /** Its jails, the first one first. */
  readonly jails: readonly (Jail | ImageJail)[];
  /** Their names. */
  readonly names: pulumi.Output<string[]>;
  /** Their addresses, each without its interface and prefix length. */
  readonly addresses: pulumi.Output<string[]>;

  constructor(name: string, args: JailGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    requireCount(name, args.count);
    super("freebsd:index:JailGroup", name, {}, opts);
    this.jails = this.#make(name, args);
    this.names = pulumi.all(this.jails.map((jail) => jail.name));
    this.addresses = pulumi
      .all(this.jails.map((jail) => jail.addresses))
      .apply((all) => all.flatMap((addresses) => (addresses ?? []).map(bare)));
    this.registerOutputs({ names: this.names, addresses: this.addresses });
  }

  /** Each waits for the one before it. */
  #make(name: string, args: JailGroupArgs): (Jail | ImageJail)[] {
    const { count, interface: network, firstAddress = 2, image, name: prefix = name, ...shared } = args;
    const jails: (Jail | ImageJail)[] = [];
    for (let i = 1; i <= count; i++) {
      const own = {
        ...shared,
        name: pulumi.interpolate`${prefix}-${i}`,
        ...(network === undefined ? {} : { addresses: [network.address(firstAddress + i - 1)] }),
      };
      const before = jails.at(-1);
      const options = { parent: this, ...(before === undefined ? {} : { dependsOn: [before] }) };
      jails.push(
        image === undefined
          ? new Jail(`${name}-${i}`, own, options)
          : new ImageJail(`${name}-${i}`, { ...own, image } as ImageJailArgs, options),
      );
    }
    return jails;
  }
}

function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= 1000) return;
  throw new Error(
    `JailGroup ${name}: count: ${count} is no number of jails; it has to be a whole number from 0 to 1000`,
  );
}

/** "lo1|192.168.1.4/32" is 192.168.1.4. */
function bare(address: string): string {
  return address.replace(/^.*\|/, "").replace(/\/.*$/, "");
}
