import { buildPackage } from "../../../scripts/setup.js";

/** Before the engine tests: what they import is the packed package, made of the sources as they are now. */
module.exports = () => buildPackage();
