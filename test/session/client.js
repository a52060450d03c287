// A provider process of its own, to be interrupted and killed: reads {connection, operations, afterwards} as JSON on standard
// input, runs the operations at once, and says how each ended. `afterwards`: "idle" (just ends), "exit", or "stay".
require("../replay/typescript-hook");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { connect } = require("../../provider/host/host");
const { addToLibrary } = require("../../provider/host/library");

addToLibrary("probe.sh", readFileSync(join(__dirname, "probe.sh"), "utf8"));
/** @type {import("./process").Orders} */
const { connection, operations, afterwards } = JSON.parse(readFileSync(0, "utf8"));
const stay = afterwards === "stay" ? setInterval(() => {}, 1_000) : undefined;
const host = connect(connection);
const ends = operations.map((operation) =>
  host.run(operation).then(
    ({ facts }) => console.log(`done ${JSON.stringify(facts)}`),
    (error) => console.log(`failed ${error.code} ${error.message}`),
  ),
);
console.log("started");
Promise.all(ends).then(() => afterwards === "exit" && process.exit(3));
stay?.ref();
