/** A whole program with its host takes longer than a unit test. */
jest.setTimeout(180_000);
