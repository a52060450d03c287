import type * as pulumi from "@pulumi/pulumi";

/**
 * A network of the jail's own (vnet(9)): an epair(4), of which one end, NAME_a, is on a bridge of the host, and the other, NAME_b, is the
 * jail's. (A name of more than 13 characters is shortened.) `addresses` are on NAME_b then, each with its network's prefix length:
 * "10.7.7.2/24". Without any, the jail's own rc.conf(5) sees to NAME_b.
 */
export interface VnetArgs {
  /** The bridge: bridge0, or a name of one's own. */
  bridge: pulumi.Input<string>;
  /** Make the bridge if it isn't there when the jail starts; it goes with the last jail on it. Default: false. */
  createBridge?: pulumi.Input<boolean> | undefined;
  /** The host's own addresses on a bridge that is made, such as the jails' gateway: "10.7.7.1/24". Default: none. */
  bridgeAddresses?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The MAC address of the jail's end. Default: one that is worked out of the host's uuid and the jail's name, and stays the same. */
  mac?: pulumi.Input<string> | undefined;
  /** The default route's gateway, in one of the jail's networks. Default: none. */
  gateway?: pulumi.Input<string> | undefined;
  /** The same for IPv6. */
  gateway6?: pulumi.Input<string> | undefined;
}

/** A jail's network, beside its addresses. */
export interface JailNetworkArgs {
  /** The interface of those `addresses` that don't say one: "192.168.1.3" on lo1 is "lo1|192.168.1.3/32". Default: none. Changed live. */
  interface?: pulumi.Input<string> | undefined;
  /** A network of the jail's own, in place of the host's interfaces. A change restarts the jail; its addresses change live. */
  vnet?: pulumi.Input<VnetArgs> | undefined;
}
