import { fileName } from "./baseInstall";
import { allUsers } from "./flavorMade";
import { type FlavorInputs, type FlavorShape, type FlavorValues, flavorChanges, flavorShape } from "./flavorSchema";
import { archiveOf, flavorEntries, listingOf, sha256 } from "./flavorTree";
import { type Context, type Definition, defineResource, type Found, type Result } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import type { Bag } from "./validate";

const contents = [
  "name",
  "files",
  "directory",
  "pkgRepository",
  "packages",
  "rcConf",
  "users",
  "sshUser",
  "timezone",
  "resolvConf",
  "firstBoot",
] as const;

/** The Flavor resource: what every new jail gets over its template. */
export const definition: Definition<FlavorShape> = {
  kind: "Flavor",
  shape: flavorShape,
  derived: {
    path: { from: ["root", "name"], value: ({ root, name }) => `${root}/flavors/${name}` },
    listing: { from: contents, value: listing },
  },
  changes: flavorChanges,
  deleteBeforeReplace: true,
  problems,
  takes: (values) =>
    values.name === undefined || values.root === undefined ? [] : [`the flavor ${values.root}/flavors/${values.name}`],
  create: (context, inputs) => write(context, "flavor.create", inputs as FlavorInputs),
  update: (context, _olds, news) => write(context, "flavor.update", news as FlavorInputs),
  read: find,
  async delete(context, olds) {
    await context.host.run(operation(context, "flavor.delete", olds as FlavorInputs));
  },
};

function problems(values: FlavorValues): string[] {
  const found: string[] = [];
  const users = allUsers(values);
  const twice = users.find((user, i) => users.findIndex((other) => other.name === user.name) !== i);
  if (twice) found.push(`users: ${twice.name} stands there twice`);
  const uid = users.find((user, i) => users.findIndex((other) => other.uid === user.uid) !== i);
  if (uid && !twice) found.push(`users: the user id ${uid.uid} of ${uid.name} is another user's already`);
  if (values.sshUser && values.sshUser.passwordHash === "*" && values.sshUser.sshKeys.length === 0) {
    found.push(
      "sshUser: nobody could log in; give a passwordHash, which has to be changed at the first login, or sshKeys",
    );
  }
  if ("/etc/rc.conf" in values.files && (Object.keys(values.rcConf).length > 0 || values.sshUser)) {
    found.push("files: /etc/rc.conf is made of rcConf; put its lines there");
  }
  if (found.length > 0) return found;
  try {
    flavorEntries(values);
  } catch (error) {
    found.push((error as Error).message);
  }
  return found;
}

/** What a preview shows of the files; what is wrong with them is said by `problems`. */
function listing(values: FlavorValues): string {
  try {
    return listingOf(flavorEntries(values));
  } catch {
    return "";
  }
}

async function write(context: Context, name: string, inputs: FlavorInputs): Promise<Result> {
  const entries = flavorEntries(inputs);
  const digest = sha256(listingOf(entries));
  const base = operation(context, name, inputs);
  const reply = await context.host.run({
    ...base,
    upload: { data: await archiveOf(entries, digest) },
    args: { ...base.args, digest },
  });
  return { hostUuid: reply.host.hostUuid, outputs: { digest } };
}

function operation(context: Context, name: string, inputs: FlavorInputs) {
  const mark = `flavor.${fileName(inputs.path)}`;
  return {
    name,
    label: context.label,
    locks: [mark],
    timeout: 600,
    ...(context.hostUuid === undefined ? {} : { hostUuid: context.hostUuid }),
    args: {
      token: context.token,
      owner: String(inputs["owner"]),
      mark,
      name: inputs.name,
      root: inputs.root,
      path: inputs.path,
      digest: "",
    },
  };
}

/** What a refresh finds: files that were changed by hand are another listing. */
function find(snapshot: Snapshot, olds: Bag & FlavorValues): Found | undefined {
  const inputs = olds as FlavorInputs;
  const mark = markOf(snapshot, `flavor.${fileName(inputs.path)}`);
  if (mark?.["token"] !== olds["token"] || !snapshot.trees.has(inputs.path)) return undefined;
  const found = new Set((snapshot.listings.get(inputs.path) ?? "").split("\n").filter(Boolean));
  const expected = inputs.listing
    .split("\n")
    .filter((line) => line !== "" && !line.includes(" link /"))
    .map((line) => line.split(" "))
    .map(([, , , , digest = "", ...path]) => `${digest} .${path.join(" ")}`);
  const same = expected.length === found.size && expected.every((line) => found.has(line));
  return { inputs: same ? {} : { listing: [...found].sort().join("\n") }, outputs: {} };
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
