// `npm run docs`: writes the reference documentation that is made from the code.
const fs = require("node:fs");
const path = require("node:path");
const { main, root } = require("./common");

main(() => {
  require("./typescript");
  const { definitions } = require("../provider/resources/all");
  const { changesText } = require("../provider/resources/changesText");
  fs.writeFileSync(path.join(root, "docs", "changes.md"), changesText(definitions));
});
