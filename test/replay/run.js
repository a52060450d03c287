// Plays recordings while one works on the stand-in: `node test/replay/run.js 04 20-30`. See README.md.
require("./typescript-hook");
require("./main").main(process.argv.slice(2));
