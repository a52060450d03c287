import * as baseInstall from "./baseInstall";
import type { Change } from "./changes";
import * as flavor from "./flavor";
import * as imageJail from "./imageJail";
import * as jail from "./jail";
import * as jailArchive from "./jailArchive";
import * as loopbackInterface from "./loopbackInterface";
import * as pfNatRule from "./pfNatRule";

/** What the documentation and the tests need to know of a kind of resource. */
export interface Described {
  readonly kind: string;
  readonly shape: Readonly<Record<string, unknown>>;
  readonly changes: Readonly<Record<string, Change>>;
  /** Properties that the class in sdk/ gives, and users don't. */
  readonly internal?: readonly string[];
  /** What a change of a property costs beside what the table says, and when. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** All kinds of resources. */
export const definitions: readonly Described[] = [
  loopbackInterface.definition,
  baseInstall.definition,
  flavor.definition,
  jail.definition,
  imageJail.definition,
  jailArchive.definition,
  pfNatRule.definition,
];
