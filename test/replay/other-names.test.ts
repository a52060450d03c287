import { others } from "./substitute";
import { replaySuite } from "./suite";

replaySuite("with other names, addresses and roots", others);
