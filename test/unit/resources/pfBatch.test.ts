import { type Host, HostError } from "../../../provider/host/host";
import { doTogether, type PfRequest } from "../../../provider/resources/pfBatch";

/** A host whose line is cut. */
const cut = new HostError("lost", "PfNatRule web and 1 more: the line was cut", ["pfctl: x"], true);
const host = { address: "root@host", run: () => Promise.reject(cut) } as unknown as Host;

function requestOf(name: string): { request: PfRequest; error: Promise<unknown> } {
  let request: Partial<PfRequest> = {};
  const error = new Promise<unknown>((resolve, reject) => {
    request = {
      name,
      context: { label: `PfNatRule ${name}` } as PfRequest["context"],
      resolve: reject,
      reject: resolve,
    };
  });
  return { request: request as PfRequest, error };
}

test("rules that were on their way when the line was cut may be there, each of them", async () => {
  const both = [requestOf("web"), requestOf("mail")];
  await doTogether(
    host,
    both.map(({ request }) => request),
  );
  expect(await Promise.all(both.map(({ error }) => error))).toEqual([
    expect.objectContaining({
      mayHaveRun: true,
      details: ["pfctl: x"],
      message: expect.stringMatching(/^PfNatRule web: /),
    }),
    expect.objectContaining({
      mayHaveRun: true,
      details: ["pfctl: x"],
      message: expect.stringMatching(/^PfNatRule mail: /),
    }),
  ]);
});
