import { replaySuite } from "./suite";

replaySuite("as they were recorded");
