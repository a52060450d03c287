/** An error of a host: `code` is what `fail CODE` said there, or one of the session's own codes. */
export class HostError extends Error {
  override readonly name = "HostError";

  constructor(
    readonly code: string,
    message: string,
    /** The last lines that the operation wrote on standard error. */
    readonly details: readonly string[] = [],
    /** The operation was sent, and nobody knows how far it came. */
    readonly mayHaveRun = false,
  ) {
    super(message);
  }
}
