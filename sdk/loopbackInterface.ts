import * as pulumi from "@pulumi/pulumi";
import { formatJailAddress, networkOf, nthAddress, parseCidr } from "../provider/freebsd/addresses";

import provider = require("../provider/resources/loopbackInterface");

import { type CommonArgs, properties } from "./resource";

/** The properties of a {@link LoopbackInterface}. */
export interface LoopbackInterfaceArgs extends CommonArgs {
  /** `lo1`, `lo2` …, or a name of one's own (at most 15 characters). Default: the resource's name. Changing it replaces the interface. */
  name?: pulumi.Input<string> | undefined;
  /** Addresses that the interface carries itself, each with its prefix length: "192.168.1.1/28", "fd00::1/64". Changed live. */
  addresses?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * A network for jails, written with the address that the interface carries itself: "192.168.1.1/28". Its addresses are
   * {@link LoopbackInterface.address}. Changed live.
   */
  network?: pulumi.Input<string> | undefined;
  /** Take over an interface that is there already. Default: false, and such an interface is an error. */
  adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A loopback interface for jails and its addresses, now and at every boot (lo(4), ifconfig(8); `cloned_interfaces` of rc.conf(5), in
 * a file of its own in /etc/rc.conf.d/netif/). It can't be removed while a jail uses it.
 *
 * @example
 * const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
 * const web = new Jail("web", { base, addresses: [lo1.address(2)] });
 */
export class LoopbackInterface extends pulumi.dynamic.Resource {
  /** The name of the interface. */
  declare readonly name: pulumi.Output<string>;
  /** The addresses that were given. */
  declare readonly addresses: pulumi.Output<string[]>;
  /** The network that was given. */
  declare readonly network: pulumi.Output<string | undefined>;
  /** The text of its file in /etc/rc.conf.d/netif/. */
  declare readonly rc: pulumi.Output<string>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: LoopbackInterfaceArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      properties(name, args, ["addresses", "network", "adopt", "rc", "rcFile", "hostUuid", "token"]),
      opts,
      "freebsd",
      "LoopbackInterface",
    );
  }

  /**
   * The n-th address of the network as a jail takes it, known in a preview: of 192.168.1.1/28, address(3) is "lo1|192.168.1.3/32". The
   * interface's own address is "192.168.1.1", without the interface, so that stopping the jail doesn't take it away.
   *
   * @param n From 1 to the number of hosts that the network has room for (14 in a /28).
   */
  address(n: number): pulumi.Output<string> {
    return pulumi.all([this.name, this.network, this.addresses]).apply(([name, network, addresses]) => {
      const own = network ?? addresses?.[0];
      if (own === undefined)
        throw new Error(
          `LoopbackInterface ${name}: address(${n}) needs a network, or an address with its prefix length`,
        );
      const carried = [...(network === undefined ? [] : [network]), ...(addresses ?? [])].map(
        (one) => parseCidr(one).address,
      );
      const address = nthAddress(networkOf(own), n);
      const { family } = parseCidr(own);
      const prefix = family === "inet" ? 32 : 128;
      return carried.includes(address) ? address : formatJailAddress({ interface: name, address, prefix, family });
    });
  }
}
