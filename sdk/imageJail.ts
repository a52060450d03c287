import * as pulumi from "@pulumi/pulumi";

import provider = require("../provider/resources/imageJail");

import { type JailArgs, jailInputs } from "./jail";

/** The encryption of a disk (geli(8)). The program starts the jail; at boot nobody is there to open its disk. */
export interface EncryptionArgs {
  /** The passphrase, one line; always kept as a secret. A change changes the disk's key, live. Either this or `keyfile` is needed. */
  passphrase?: pulumi.Input<string> | undefined;
  /** A file on the host with the key, as on a stick that is there when the jail is started. */
  keyfile?: pulumi.Input<string> | undefined;
  /** Default: AES-XTS. A change replaces the jail. */
  algorithm?: pulumi.Input<"AES-XTS" | "AES-CBC" | "Camellia-CBC"> | undefined;
  /** Bits. Default: 256. A change replaces the jail. */
  keyLength?: pulumi.Input<128 | 192 | 256> | undefined;
  /** How often the passphrase goes through PKCS#5v2. Default: as often as takes the host two seconds. Changed live. */
  iterations?: pulumi.Input<number> | undefined;
}

/** A jail's disk: a file with a file system of its own (md(4), FFS with soft updates). */
export interface ImageArgs {
  /** Bytes, or "5m", "2g". The disk is a hard limit. It grows live; a smaller size is an error. */
  size: pulumi.Input<number | string>;
  /** The file takes only as much room as is used. Default: true. It counts when the disk is made, and when it grows. */
  sparse?: pulumi.Input<boolean> | undefined;
  /** Its file, below ROOT/images/. Default: ROOT/images/NAME.img. A change stops the jail for that time. */
  path?: pulumi.Input<string> | undefined;
  /** Encrypt it. */
  encryption?: pulumi.Input<EncryptionArgs> | undefined;
}

/** The properties of an {@link ImageJail}: a Jail's, and its disk's. */
export interface ImageJailArgs extends JailArgs {
  /** Its disk. */
  image: pulumi.Input<ImageArgs>;
  /** "attached": its disk is mounted for maintenance, and the jail doesn't run. Default: as `running` says. Changed live. */
  state?: pulumi.Input<"running" | "stopped" | "attached"> | undefined;
}

/**
 * A jail on a disk of its own: whatever fills it hurts only itself (qjail's and ezjail's image jails). jail.conf attaches the disk before
 * the jail starts, checks it, and detaches it afterwards, so `service jail` and a boot do it without us.
 *
 * @example
 * const shop = new ImageJail("shop", { base, addresses: [lo1.address(4)], image: { size: "512m" } });
 */
export class ImageJail extends pulumi.dynamic.Resource {
  /** The jail's name. */
  declare readonly name: pulumi.Output<string>;
  /** Where the disk is mounted: the jail's tree. */
  declare readonly path: pulumi.Output<string>;
  /** The disk's file. */
  declare readonly imageFile: pulumi.Output<string>;
  /** The disk as it was given. */
  declare readonly image: pulumi.Output<pulumi.Unwrap<ImageArgs>>;
  /** The text of /etc/jail.conf.d/NAME.conf. */
  declare readonly config: pulumi.Output<string>;
  /** The text of its file in /etc/rc.conf.d/jail/. */
  declare readonly rc: pulumi.Output<string>;
  /** A line for each thing inside that the program declares; digests stand for contents. */
  declare readonly inside: pulumi.Output<string>;
  /** The addresses, in their canonical spelling. */
  declare readonly addresses: pulumi.Output<string[]>;
  /** The path of its base. */
  declare readonly base: pulumi.Output<string>;
  /** "running", "stopped", or "attached". */
  declare readonly state: pulumi.Output<"running" | "stopped" | "attached">;
  /** The command that gives root a shell in it, on the host. */
  declare readonly consoleCommand: pulumi.Output<string>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: ImageJailArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { ...jailInputs(name, args, ["imageFile"]), image: withSecret(args.image) };
    super(provider, name, inputs, opts, "freebsd", "ImageJail");
  }
}

/** The passphrase as a secret, and nothing else of it. What is missing is the provider's to refuse. */
function withSecret(image: pulumi.Input<ImageArgs>): pulumi.Input<ImageArgs> {
  return into(image, (known) =>
    known?.encryption == null
      ? known
      : {
          ...known,
          encryption: into(known.encryption, (given) =>
            given?.passphrase === undefined ? given : { ...given, passphrase: pulumi.secret(given.passphrase) },
          ),
        },
  );
}

/** An object that is known stays one: as an output it would be secret as a whole. */
function into<T>(value: pulumi.Input<T>, change: (known: T) => T): pulumi.Input<T> {
  if (pulumi.Output.isInstance(value) || value instanceof Promise)
    return pulumi.output(value).apply((known) => change(known as T)) as pulumi.Output<T>;
  return change(value as T);
}
