/** A value that FreeBSD would refuse, or would take for something else. Its message says what is allowed. */
export class InvalidValue extends Error {
  override readonly name = "InvalidValue";
}

/** A value as it is shown in a message: in quotes, on one line, and short. */
export function shown(value: unknown): string {
  const text = typeof value === "string" || typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 76)}…"` : text;
}

/** Ends with an InvalidValue that says what the value is not, and what is allowed instead. */
export function refuse(value: unknown, isNot: string, allowed: string): never {
  throw new InvalidValue(`${shown(value)} is not ${isNot}: ${allowed}.`);
}

/** True if the text has no NUL and no half of a surrogate pair, so that it can stand in a file at all. */
export function isPlainText(text: string): boolean {
  return !text.includes("\0") && !/\p{Surrogate}/u.test(text);
}

/** True if the text is one line without control characters (a tab is one, too). */
export function isOneLine(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return isPlainText(text) && !/[\u0000-\u001f\u007f]/.test(text);
}

/** The text between double quotes of sh(1): a backslash before each of the four characters that mean something there. */
export function shellDoubleQuoted(text: string): string {
  return `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
}

/** The octal escape of vis(3) and jail.conf(5) for one ASCII character: `\040` for a space. */
export function octalEscape(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** Undoes the octal escapes that unvis(3) would undo in a field of fstab(5) (other backslashes stay as they are). */
export function undoOctalEscapes(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
