/** Milliseconds before attempt N + 1, when N have failed. */
export function backoff(failures: number): number {
  return Math.min(8_000, 250 * 2 ** (failures - 1));
}
