import { knownEscapes } from "../../../provider/resources/preflight";

test.each(["13.2-RELEASE", "13.5-RELEASE-p9", "14.2-RELEASE-p7", "14.3-RELEASE", "12.4-RELEASE-p9"])(
  "%s has known ways out of a jail",
  (release) => expect(knownEscapes(release)).toMatch(/FreeBSD-SA-26:04\.jail.*RELEASE-p/),
);

test.each(["13.5-RELEASE-p10", "14.3-RELEASE-p9", "14.4-RELEASE", "15.0-RELEASE-p1", "16.0-CURRENT"])(
  "%s has none that are known",
  (release) => expect(knownEscapes(release)).toBeUndefined(),
);
