import { parseSize } from "../freebsd/sizes";
import type { Arguments, Operation } from "../host/host";
import { otherZone } from "./baseMove";
import { imagePreflight } from "./imagePreflight";
import { readImageJail } from "./imageRead";
import {
  type Encryption,
  type ImageShape,
  type ImageValues,
  imageChanges,
  imageFile,
  imageImpossible,
  imageProblems,
  imageShape,
} from "./imageSchema";
import { imageConfig, imageRc, newfsOptions } from "./imageText";
import { definition as jail } from "./jail";
import { adoptArguments } from "./jailAdopt";
import { onInterface } from "./jailNetwork";
import { type JailInputs, jailOperation, runJail, updateArguments } from "./jailOperation";
import { jailExceptions } from "./jailSchema";
import { type Context, type Definition, defineResource } from "./resource";
import { hasUnknown, UNKNOWN } from "./unknown";
import type { Bag } from "./validate";

type Inputs = JailInputs & ImageValues & { readonly imageFile: string };

/** The ImageJail resource: a Jail whose tree lies on a disk of its own, in a file (md(4)). */
export const definition: Definition<ImageShape> = {
  kind: "ImageJail",
  shape: imageShape,
  derived: {
    ...jail.derived,
    imageFile: { from: ["name", "base", "image"], value: imageFile },
    config: { from: [...(jail.derived["config"]?.from ?? []), "image"], value: imageConfig },
    rc: { from: ["name", "autostart", "after", "adopt", "image"], value: imageRc },
  },
  changes: imageChanges,
  internal: ["followed", "storage", "quota"],
  exceptions: { ...jailExceptions, state: "starts or stops the jail" },
  deleteBeforeReplace: true,
  problems: imageProblems,
  ...(jail.warnings === undefined ? {} : { warnings: jail.warnings }),
  impossible: (olds, values) => [...otherZone(olds, values), ...imageImpossible(olds, values)],
  complete,
  takes: (values) => [
    ...(jail.takes?.(values) ?? []),
    ...(values.name === undefined || values.base === undefined || values.image === undefined
      ? []
      : [`the disk ${imageFile({ name: values.name, base: values.base, image: values.image })}`]),
  ],
  preflight: imagePreflight,
  ...(jail.conflicts === undefined ? {} : { conflicts: jail.conflicts }),
  ...(jail.same === undefined ? {} : { same: jail.same }),
  cost: (olds, news, change) => jail.cost?.(olds, news, change) ?? change,

  async create(context, values) {
    const inputs = values as Inputs;
    return runJail(context, operation(context, "create", inputs, await adoptArguments(context, inputs)), inputs);
  },

  async update(context, olds, news, change) {
    const [before, inputs] = [olds as Inputs, news as Inputs];
    const more = {
      ...updateArguments(before, inputs, change),
      oldImage: before.imageFile,
      ...keys("old", before.image.encryption),
      rekey: JSON.stringify(before.image.encryption) !== JSON.stringify(inputs.image.encryption),
    };
    return runJail(context, operation(context, "update", inputs, more, before), inputs, before);
  },

  read: readImageJail,

  async delete(context, olds) {
    await context.host.run(operation(context, "delete", olds as Inputs));
  },
};

/** `running` and `state` say the same; the disk alone attached is a state that `running` has no word for. */
function complete(values: Bag): Bag {
  return { ...onInterface(values), ...completeState(values) };
}

function completeState({ running, state }: Bag): Bag {
  if (state === undefined) return { state: hasUnknown(running) ? UNKNOWN : running === true ? "running" : "stopped" };
  return { running: hasUnknown(state) ? UNKNOWN : state === "running" };
}

function operation(context: Context, name: string, inputs: Inputs, more: Arguments = {}, before?: Inputs): Operation {
  const { image } = inputs;
  const secrets = [image.encryption?.passphrase, before?.image.encryption?.passphrase];
  const asJail = jailOperation(context, `image.${name}`, inputs, {
    image: inputs.imageFile,
    size: parseSize(image.size),
    sparse: image.sparse,
    state: inputs.state,
    newfs: newfsOptions(image),
    encrypted: image.encryption !== undefined,
    algorithm: image.encryption?.algorithm,
    keyLength: image.encryption?.keyLength,
    iterations: image.encryption?.iterations,
    ...keys("", image.encryption),
    ...more,
  });
  return { ...asJail, secrets: [...(asJail.secrets ?? []), ...secrets.filter((one) => one !== undefined)] };
}

/** What opens the disk. */
function keys(prefix: "" | "old", encryption: Encryption | undefined): Arguments {
  const { passphrase, keyfile } = encryption ?? {};
  return prefix === "" ? { passphrase, keyfile } : { oldPassphrase: passphrase, oldKeyfile: keyfile };
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
