import { createHash } from "node:crypto";
import { BaseInstall, Flavor, ImageJail, Jail, JailArchive, LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";
import { changed } from "../engine/harness/assertions";
import { Project } from "../engine/harness/project";
import { openTarget, stackConfig, type Target } from "../engine/harness/target";
import { blocks, deeds } from "./observe";
import { fill, type Names, type Properties, type Row } from "./row";

/** A row with names of its own. */
export interface Case {
  readonly row: Row;
  readonly name: string;
  readonly names: Names;
}

/** What was seen of one row. */
export interface Seen {
  says: string;
  shows: readonly string[];
  does: readonly string[];
  jail: string;
  host: string;
  /** What the refresh showed of what was done by hand, and what the up would then do. */
  found: readonly string[];
  mends: string;
  mended: string;
}

/** What was seen of all rows together. */
export interface Seeing {
  readonly rows: ReadonlyMap<Row, Seen>;
  readonly secondUp: readonly string[];
  readonly refresh: readonly string[];
  readonly afterMending: readonly string[];
}

const classes = { BaseInstall, Flavor, ImageJail, Jail, JailArchive, LoopbackInterface, PfNatRule };

/** Gives each row names of its own. */
export function cases(rows: readonly Row[], offset: number): Case[] {
  return rows.map((row, i) => {
    const n = offset + i + 1;
    const name = `r${String(n).padStart(3, "0")}`;
    const names = {
      name,
      ip: `10.7.1.${n}`,
      ip2: `10.7.2.${n}`,
      ip3: `10.7.3.${n}`,
      ip6: `fd00:7::${n}`,
      long: `fd00:0007:0:0:0:0:0:${n}`,
      port: 8000 + n,
    };
    return { row, name, names };
  });
}

/** What rows need beside the base's archive: the smallest archive of a component, and a key. */
function preparation(base: string): string {
  const file = base.replace("file://", "");
  return `lib32=$(dirname ${file})/lib32.txz; [ -e $lib32 ] || { mkdir -p /tmp/lib32/usr/lib32 && echo 1 >/tmp/lib32/usr/lib32/a && tar -cJf $lib32 -C /tmp/lib32 . && rm -r /tmp/lib32; }
[ -e /root/preview.key ] || dd if=/dev/random of=/root/preview.key bs=64 count=1 2>/dev/null; sha256 -q ${file}`;
}

function wordsOf(sha: string, target: Target): Names {
  const manifest = `base.txz\t${sha}\t1\tbase\t"Base system"\ton\n`;
  const digest = createHash("sha256").update(manifest).digest("hex");
  return { sha, manifest: { text: manifest, sha256: digest }, source: target.base };
}

/** A program with the resources of all rows, and what they share. */
function program(words: Names, target: Target, all: readonly Case[], which: "before" | "after") {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "10.7.0.1/16", addresses: ["fd00:7::ffff/64"] });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    const base2 = new BaseInstall("base2", { release: "host", source: target.base, trigger: 2 });
    const flavor = new Flavor("flavor", { files: { "/etc/motd": "hello" } });
    const archived = all.some(({ row }) => row.kind === "JailArchive") ? ["archived", "archived2"] : [];
    const jails = archived.map((name) => new Jail(name, { base, running: false, autostart: false }));
    for (const { row, name, names } of all) {
      const shared = { ...words, base, base2, flavor };
      const given = { ...(needsBase(row) ? { base } : {}), ...fill(row[which], { ...names, ...shared }) };
      const Class = classes[row.kind] as unknown as new (name: string, args: Properties, options: object) => unknown;
      new Class(name, given, { dependsOn: [lo1, flavor, ...jails] });
    }
  };
}

function needsBase({ kind }: Row): boolean {
  return kind === "Jail" || kind === "ImageJail";
}

/** Where rows are played: one host, one stack. */
export class Stage {
  private constructor(
    readonly target: Target,
    readonly project: Project,
    /** What rows call by name, and only the host knows. */
    private readonly words: Names,
  ) {}

  static async open(): Promise<Stage> {
    const target = await openTarget();
    const { stdout, stderr } = await target.sh(`${preparation(target.base)}`);
    if (stderr !== "") throw new Error(stderr);
    const project = await Project.create(async () => {}, { config: stackConfig(target) });
    return new Stage(target, project, wordsOf(stdout.trim(), target));
  }

  async close(): Promise<void> {
    this.project.dispose();
    await this.target.close();
  }

  /** Plays all rows at once: from before to after, twice more, then what somebody did by hand, and back. */
  async play(all: readonly Case[]): Promise<Seeing> {
    const { project, target } = this;
    const seen = new Map(all.map(({ row }) => [row, {} as Seen]));
    project.program = program(this.words, target, all, "before");
    await project.up();
    await this.#leaveTraces(all);
    project.program = program(this.words, target, all, "after");
    const preview = await project.preview({ diff: true });
    this.#notePreview(all, seen, preview.output, preview.messages);
    await target.machine?.commands(true);
    await project.up();
    await this.#noteHost(all, seen);
    const secondUp = changed(await project.up());
    const refresh = changed(await project.up({ refresh: true }));
    const afterMending = await this.#playByHand(all, seen);
    return { rows: seen, secondUp, refresh, afterMending };
  }

  /** A process and a file in each jail that runs. */
  async #leaveTraces(all: readonly Case[]): Promise<void> {
    const lines = all.map(
      ({ name }) =>
        `! jls -j ${name} jid >/dev/null 2>&1 || { jexec ${name} sh -c 'echo kept >/root/data; sleep 9000 </dev/null >/dev/null 2>&1 & echo $! >/root/pid' && cp /usr/jails/${name}/root/pid /tmp/${name}.pid && jls -j ${name} jid >/tmp/${name}.jid; }`,
    );
    await this.#sh(lines.join("\n"));
  }

  #notePreview(all: readonly Case[], seen: ReadonlyMap<Row, Seen>, output: string, messages: readonly string[]): void {
    const shown = blocks(output);
    for (const { row, name, names } of all) {
      const note = seen.get(row) as Seen;
      const label = new RegExp(`^${row.kind} ${fill(String(row.before["name"] ?? "$name"), names)}\\S* `);
      const said = messages.flatMap((message) => message.split("\n")).filter((line) => label.test(line));
      // Warnings have tests of their own (test/engine/jail-conf).
      const costs = said.map((line) => line.replace(label, "").trim()).filter((line) => !line.startsWith("warning: "));
      note.says = costs.join("\n");
      // A replacement is shown in three steps: the first one says why.
      note.shows = shown.get(name)?.[0]?.lines ?? [];
    }
  }

  async #noteHost(all: readonly Case[], seen: ReadonlyMap<Row, Seen>): Promise<void> {
    const commands = (await this.target.machine?.commands(true)) ?? [];
    for (const { row, name, names } of all) {
      const note = seen.get(row) as Seen;
      const addresses = ["ip", "ip2", "ip3", "ip6"].map((key) => String(names[key]));
      note.does = deeds(commands, [name, nameAfter(row, names)], addresses);
    }
    const states = await this.#answers(all, ({ names, row }) =>
      stateScript(nameAfter(row, names), String(names["name"])),
    );
    const host = await this.#answers(all, ({ row, names }) => fill(row.host?.[0] ?? "", names));
    for (const { row } of all) Object.assign(seen.get(row) as Seen, { jail: states.get(row), host: host.get(row) });
  }

  async #playByHand(all: readonly Case[], seen: ReadonlyMap<Row, Seen>): Promise<readonly string[]> {
    for (const { row, names } of all) await this.#sh(fill(row.byHand[0], names));
    const preview = await this.project.preview({ diff: true, refresh: true });
    const shown = blocks(preview.output);
    for (const { row, name } of all) {
      const note = seen.get(row) as Seen;
      note.found = shown.get(name)?.find(({ op }) => op === "refresh")?.lines ?? [];
      note.mends = shown.get(name)?.at(-1)?.op ?? "same";
    }
    await this.project.up({ refresh: true });
    const mended = await this.#answers(all, ({ row, names }) => fill(row.host?.[0] ?? "", names));
    for (const { row } of all) (seen.get(row) as Seen).mended = mended.get(row) ?? "";
    return changed(await this.project.up({ refresh: true }));
  }

  /** What a script a row says, all of them in one round trip. */
  async #answers(all: readonly Case[], script: (one: Case) => string): Promise<ReadonlyMap<Row, string>> {
    const lines = all.map((one) => `echo "=== ${one.name}"\n{ :; ${script(one)}\n} 2>&1`);
    const answers = (await this.#sh(lines.join("\n"))).split(/^=== /m).slice(1);
    return new Map(all.map(({ row }, i) => [row, (answers[i] ?? "").replace(/^.*\n/, "").trim()]));
  }

  async #sh(command: string): Promise<string> {
    const { stdout, stderr, status } = await this.target.sh(command);
    if (status !== 0 && stderr !== "") throw new Error(`${command}\n${stderr}`);
    return stdout;
  }
}

function nameAfter(row: Row, names: Names): string {
  return fill(String(row.after["name"] ?? "$name"), names);
}

/** kept, restarted, replaced, stopped, or nothing where there is no jail of that name. */
function stateScript(name: string, before: string): string {
  return `if jls -j ${name} jid >/dev/null 2>&1; then
  if [ "$(jls -j ${name} jid)" = "$(cat /tmp/${before}.jid 2>/dev/null)" ] && jexec ${name} kill -0 "$(cat /tmp/${before}.pid)"; then echo kept
  elif jexec ${name} test -e /root/data; then echo restarted
  elif [ -e /tmp/${before}.jid ]; then echo replaced
  else echo started; fi
elif [ -e /etc/jail.conf.d/${name}.conf ]; then echo stopped; fi`;
}
