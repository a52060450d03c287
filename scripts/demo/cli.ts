import { aside } from "./say";

/**
 * Shows what the CLI prints, line by line as it comes, without what it says for machines' sake: the types' long names, lines that
 * only show that time passes, the stack's name before each message of ours, and these messages once more at the end.
 */
export class Cli {
  private rest = "";
  private inDiagnostics = false;

  /** Takes a piece of output, which may end anywhere in a line. */
  readonly take = (text: string): void => {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.show(line);
  };

  private show(line: string): void {
    if (/^\S/.test(line)) this.inDiagnostics = line.startsWith("Diagnostics:");
    if (this.inDiagnostics || noise.test(line)) return;
    const [, message] = ofStack.exec(line) ?? [];
    if (message === undefined) aside(line.replaceAll("pulumi-nodejs:dynamic/freebsd:", ""));
    else if (!count.test(message)) aside(`      ${message}`);
  }
}

/** That time passes, that a refresh found nothing, and what one could do with an empty stack. */
const noise =
  /^(@ .*| {4}pulumi-nodejs:\S+ \S+ +|\.*|The resources in the stack have been deleted.*|If you want to remove the stack.*)$/;
/** A line about the stack as a whole, where messages of ours stand: "    pulumi:pulumi:Stack NAME creating (3s) MESSAGE". */
const ofStack =
  /^ [ +~-] {2}pulumi:pulumi:Stack \S+ *(?:(?:creat|updat|delet|refresh|runn)\w+|create|update|delete)?(?: \([\d.]+s\))? *(.*)$/;
/** How many messages there were, or nothing. */
const count = /^(\*\*.*|\d+ (?:message|warning|error).*)?$/;
