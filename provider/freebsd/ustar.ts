const block = 512;

/** An archive of regular files as tar(5) describes ustar: all 0600 and root's, with no time of their own. */
export function ustar(files: readonly { readonly name: string; readonly content: Uint8Array }[]): Buffer {
  return Buffer.concat([
    ...files.flatMap(({ name, content }) => [
      header(name, content.length),
      content,
      Buffer.alloc((block - (content.length % block)) % block),
    ]),
    Buffer.alloc(2 * block),
  ]);
}

/** One file's header; its checksum is taken with spaces in the checksum's own place. */
function header(name: string, size: number): Buffer {
  const text = Buffer.alloc(block);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  text.write(name, 0, 100);
  text.write(octal(0o600, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(0, 11), 100);
  text.write("        0", 148);
  text.write("ustar\x0000root", 257);
  text.write("wheel", 297);
  const sum = text.reduce((total, byte) => total + byte, 0);
  text.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return text;
}
