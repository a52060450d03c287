/** One recorded command line and what a real FreeBSD made of it. */
export interface Block {
  /** Its place in the recording, from 1. */
  readonly number: number;
  readonly section: string;
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  /** The recording leaves out what came after this. */
  readonly cut: boolean;
}

interface Draft {
  command: string[];
  stdout: string;
  stderr: string;
  cut: boolean;
  started: boolean;
}

/** Output without a line break at its end has the next mark on the same line. */
const statusAtEnd = /^(.*?)=> (\d+)$/;

/** Reads a recording: blocks of `$ command`, `1| output`, `2| error`, `=> status`. */
export function readRecording(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  let section = "";
  let draft: Draft | undefined;
  for (const [index, line] of lines.entries()) {
    if (!draft) {
      if (line.startsWith("## ")) section = line.slice(3);
      if (line.startsWith("$ ")) {
        draft = { command: [line.slice(2)], stdout: "", stderr: "", cut: false, started: false };
      }
      continue;
    }
    const end = statusAtEnd.exec(line);
    if (end && (lines[index + 1] ?? "") === "" && /^([12]\| ?|$)/.test(end[1] ?? "")) {
      if (end[1]) append(draft, end[1], "");
      blocks.push(finish(draft, section, blocks.length + 1, Number(end[2])));
      draft = undefined;
    } else {
      append(draft, line, "\n");
    }
  }
  return blocks;
}

function append(draft: Draft, line: string, lineBreak: string): void {
  const content = line.slice(3) + lineBreak;
  if (/^1\|( |$)/.test(line)) draft.stdout += content;
  else if (/^2\|( |$)/.test(line)) draft.stderr += content;
  else if (line === "... (cut)") draft.cut = true;
  else if (!draft.started) {
    draft.command.push(line);
    return;
  } else throw new Error(`a line that is neither output nor status: ${line}`);
  draft.started = true;
}

function finish(draft: Draft, section: string, number: number, status: number): Block {
  const { stdout, stderr, cut } = draft;
  return { number, section, command: draft.command.join("\n"), stdout, stderr, status, cut };
}

/** What ran unseen before a block, by the block's number. Each names the beginning of that block's command. */
export function readSetUp(text: string, blocks: readonly Block[]): Map<number, string> {
  const steps = new Map<number, string>();
  for (const part of text.split(/^>> /m).slice(1)) {
    const head = /^before (\d+): (.*)\n/.exec(part);
    if (!head) throw new Error(`a set-up step without "before N: command": ${part.slice(0, 40)}`);
    const block = blocks[Number(head[1]) - 1];
    if (!block?.command.startsWith(head[2] ?? "")) {
      throw new Error(`the set-up says block ${head[1]} is "${head[2]}", the recording says "${block?.command}"`);
    }
    steps.set(block.number, part.slice(head[0].length));
  }
  return steps;
}
