/** Shows one line to the user. */
export type Reporter = (line: string) => void;

/** The engine shows what a provider writes on standard output, below the stack. */
let reporter: Reporter = (line) => console.log(line);

/** Sends all lines somewhere else; gives what it was before. */
export function setReporter(next: Reporter): Reporter {
  const before = reporter;
  reporter = next;
  return before;
}

/** Shows one line to the user. */
export function report(line: string): void {
  reporter(line);
}

/** The text with each of the secrets in it hidden. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .filter((secret) => secret.trim().length > 3)
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
