import { connectionKey, connectionSchema } from "../../provider/host/connection";
import type { Provider } from "../../provider/resources/resource";
import type { Bag } from "../../provider/resources/validate";

/** A resource as a program declares it. */
export interface Declared {
  /** The file of its provider: "jail", "pfNatRule". */
  readonly kind: string;
  readonly name: string;
  readonly props: Bag;
}

/** What the engine's state has of a resource. */
export interface Known {
  readonly id: string;
  readonly props: Bag;
}

/** One resource, treated as Pulumi's engine treats it: checked, compared, created, updated, replaced, deleted; with a state. */
export class Actor {
  private readonly owner: string;

  /** The resource of a program that bears this name there, whatever its property `name` becomes. */
  constructor(
    private readonly kind: string,
    resource: string,
    private readonly connection: Bag,
    public known?: Known,
  ) {
    this.owner = `project/stack/${kind}-${resource}`;
  }

  /** `pulumi up`; with other properties of the connection for this once. What fails rejects, and the state says what the engine's would. */
  async up(declared: Declared, connection: Bag = {}): Promise<void> {
    const inputs = await this.inputs(declared, connection);
    const before = this.known;
    if (!before) return this.create(inputs);
    const found = await this.provider.diff(before.id, before.props, inputs);
    if (found.replaces?.length) {
      await this.destroy(connection);
      return this.create(inputs);
    }
    if (found.changes === false) return;
    const { outs } = await this.provider.update(before.id, before.props, inputs);
    this.known = { id: before.id, props: this.settled(outs) };
  }

  /** `pulumi refresh`: the inputs that are no longer what they were; everything, if it is gone. */
  async refresh(): Promise<readonly string[]> {
    const { known } = this;
    if (!known) return [];
    const read = await this.provider.read(known.id, known.props);
    if (read.id === undefined) return [`${this.owner} is gone`];
    const now = { ...read.props, ...read.inputs };
    const differs = (key: string) => JSON.stringify(now[key]) !== JSON.stringify(known.props[key]);
    return [...new Set([...Object.keys(now), ...Object.keys(known.props)])]
      .filter(differs)
      .map((key) => `${key}: ${JSON.stringify(known.props[key])} -> ${JSON.stringify(now[key])}`);
  }

  /** Whether `pulumi up` would change something. */
  async changes(declared: Declared): Promise<boolean> {
    if (!this.known) return true;
    const found = await this.provider.diff(this.known.id, this.known.props, await this.inputs(declared, {}));
    return found.changes !== false;
  }

  /** `pulumi destroy`. */
  async destroy(connection: Bag = {}): Promise<void> {
    if (!this.known) return;
    const { id, props } = this.known;
    await this.provider.delete(id, { ...props, connection: { ...this.connection, ...connection } });
    this.known = undefined;
  }

  private get provider(): Provider {
    return require(`../../provider/resources/${this.kind}`) as Provider;
  }

  private async inputs({ name, props }: Declared, connection: Bag): Promise<Bag> {
    // The wait for a confirmation that never comes is shorter here than users may set it.
    const { confirmTimeout, ...rest } = props;
    const news = { ...rest, name, owner: this.owner, connection: { ...this.connection, ...connection } };
    const { inputs, failures } = await this.provider.check(this.known?.props ?? {}, news);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return confirmTimeout === undefined ? inputs : { ...inputs, confirmTimeout };
  }

  private async create(inputs: Bag): Promise<void> {
    try {
      const { id, outs } = await this.provider.create(inputs);
      this.known = { id, props: this.settled(outs) };
    } catch (error) {
      const { id, properties } = error as { id?: string; properties?: Bag };
      if (id !== undefined && properties !== undefined) this.known = { id, props: this.settled(properties) };
      throw error;
    }
  }

  private settled(props: Bag): Bag {
    return { ...props, connection: connectionSchema.parse(this.connection) as Bag };
  }
}

/** Ends the provider's session with a host, if there is one, as the end of a run does. */
export async function closeHost(connection: Bag): Promise<void> {
  const pool = (globalThis as { [key: symbol]: { hosts: Map<string, { close(): Promise<void> }> } | undefined })[
    Symbol.for("pulumi-freebsd-jails.hosts")
  ];
  const key = connectionKey(connectionSchema.parse(connection));
  const host = pool?.hosts.get(key);
  pool?.hosts.delete(key);
  await host?.close();
}
