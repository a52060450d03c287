const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const started = Date.now();

function paint(code: number, text: string): string {
  return colours ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** A step of the demo begins. */
export function heading(text: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`\n${paint(1, `▶ ${text}`)} ${paint(2, `(at ${seconds} s)`)}\n`);
}

/** What is to be seen, in a sentence. */
export function say(text: string): void {
  console.log(text);
}

/** A command on the host and what it printed. */
export function shell(command: string, output: string): void {
  console.log(paint(36, `# ${command}`));
  console.log(output.trimEnd());
}

/** Shows text a little aside, its lines coloured as a diff is. */
export function aside(text: string): void {
  for (const line of text.split("\n")) if (line.trim() !== "") console.log(`  ${colourDiff(line)}`);
}

function colourDiff(line: string): string {
  if (/^\s*\+/.test(line)) return paint(32, line);
  if (/^\s*-/.test(line)) return paint(31, line);
  if (/^\s*~/.test(line)) return paint(33, line);
  return line;
}

/** What was promised, and whether it is so. */
export function check(promise: string, kept: boolean): void {
  console.log(kept ? paint(32, `✓ ${promise}`) : paint(31, `✗ ${promise}`));
  if (!kept) process.exitCode = 1;
}
