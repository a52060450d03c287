/** A whole program with its host takes longer than a unit test; a real host is as slow as it is. */
jest.setTimeout(process.env.FREEBSD_HOST ? 3_600_000 : 180_000);
