import type { Reply } from "../../../provider/host/host";
import { Snapshots } from "../../../provider/host/snapshots";

function counting(fails = false): { snapshots: Snapshots; count: () => number } {
  let count = 0;
  const read = async (): Promise<Reply> => {
    count += 1;
    if (fails) throw new Error("no");
    return { facts: { count: [`${count}`] } } as unknown as Reply;
  };
  return { snapshots: new Snapshots(read), count: () => count };
}

test("all that ask share one reading, in the same moment and later", async () => {
  const { snapshots, count } = counting();
  await Promise.all([snapshots.take(), snapshots.take()]);
  await snapshots.take();
  expect(count()).toBe(1);
});

test("an operation that may change the host makes a new reading necessary", async () => {
  const { snapshots, count } = counting();
  await snapshots.take();
  await snapshots.around(async () => {});
  await snapshots.take();
  expect(count()).toBe(2);
});

test("a reading that began while such an operation ran is not used after it", async () => {
  const { snapshots, count } = counting();
  await snapshots.around(async () => {
    await snapshots.take();
  });
  await snapshots.take();
  expect(count()).toBe(2);
});

test("an operation that failed may have changed the host too", async () => {
  const { snapshots, count } = counting();
  await snapshots.take();
  await expect(snapshots.around(async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await snapshots.take();
  expect(count()).toBe(2);
});

test("a reading that failed is not for those that ask later", async () => {
  const { snapshots, count } = counting(true);
  await expect(snapshots.take()).rejects.toThrow("no");
  await expect(snapshots.take()).rejects.toThrow("no");
  expect(count()).toBe(2);
});
