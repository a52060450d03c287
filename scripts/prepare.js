// npm runs this after `npm install` in a clone and before a publish: builds, and packs for the examples,
// so that `npm install && pulumi up` works in a clone.
const { build } = require("./build");
const { main } = require("./common");
const { pack } = require("./pack");

main(() => {
  build();
  pack();
});
