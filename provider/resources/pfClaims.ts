import { collide } from "../freebsd/pfMeet";
import { type PfRule, renderPfRule } from "../freebsd/pfRule";

interface Claim {
  readonly thing: string;
  readonly rule: PfRule;
}

/** Host → owner → what its rule takes. */
const hosts = new Map<string, Map<string, Claim>>();

/**
 * What a rule takes on its host, in words. A rule that meets an earlier one's takes the same thing: ports and networks overlap in more ways
 * than being equal.
 */
export function whatRuleTakes(host: string, owner: string, rule: PfRule): string {
  const claims = hosts.get(host) ?? new Map<string, Claim>();
  hosts.set(host, claims);
  claims.delete(owner);
  const met = [...claims.values()].find((claim) => collide(claim.rule, rule));
  const thing = met?.thing ?? `what matches "${renderPfRule(rule).replace(/ -> .*/, "")}"`;
  claims.set(owner, { thing, rule });
  return thing;
}
