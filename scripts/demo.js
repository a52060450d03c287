// `npm run demo`, on a fresh clone: the book's host with jails, on a stand-in, or on the host in FREEBSD_HOST.
const { main } = require("./common");
const { setUp } = require("./setup");

main(async () => {
  await setUp();
  require("./typescript");
  const { demo } = require("./demo/demo");
  await demo();
});
