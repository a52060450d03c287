/**
 * What jail(8) makes of one value of a jail.conf, letter by letter, as the recording 07-jail-conf.txt shows it.
 * It shares nothing with the product's own reader on purpose.
 */
export function valueAsJailReadsIt(source: string): string {
  let value = "";
  let at = 0;
  const escaped = (): string => {
    const letter = source.charAt(++at);
    at++;
    if (letter === "") throw new Error("a backslash at the end");
    if (letter >= "0" && letter <= "7") {
      let digits = letter;
      while (digits.length < 3 && /[0-7]/.test(source.charAt(at))) digits += source.charAt(at++);
      return String.fromCharCode(Number.parseInt(digits, 8));
    }
    if (letter === "x") {
      let digits = "";
      while (digits.length < 2 && /[0-9a-fA-F]/.test(source.charAt(at))) digits += source.charAt(at++);
      return digits === "" ? "x" : String.fromCharCode(Number.parseInt(digits, 16));
    }
    const index = "abfnrtv".indexOf(letter);
    return index < 0 ? letter : "\x07\b\f\n\r\t\v".charAt(index);
  };
  while (at < source.length) {
    const letter = source.charAt(at);
    if (letter === "'" || letter === '"') {
      at++;
      while (source.charAt(at) !== letter) {
        if (at >= source.length) throw new Error("unterminated string");
        if (source.charAt(at) === "\\") value += escaped();
        else {
          if (letter === '"' && source.charAt(at) === "$") throw new Error("a variable");
          value += source.charAt(at++);
        }
      }
      at++;
    } else if (letter === "\\") value += escaped();
    else if (letter === "$") throw new Error("a variable");
    else if (/[\s#;,={}]/.test(letter) || source.startsWith("//", at) || source.startsWith("/*", at)) {
      throw new Error(`the word ends at ${JSON.stringify(letter)}`);
    } else if (/[A-Za-z0-9_!%&()\-.:<>?@[\]^`|~*+/]/.test(letter)) {
      value += letter;
      at++;
    } else throw new Error(`nothing that jail(8) knows: ${JSON.stringify(letter)}`);
  }
  return value;
}
