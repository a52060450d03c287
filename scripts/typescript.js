// Lets Node load our TypeScript as it is. `await import()` stays what it is: for packages that are ES modules only.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("@swc/core");

/** @type {any} */ (Module)._extensions[".ts"] = (/** @type {any} */ module, /** @type {string} */ filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs", ignoreDynamic: true },
    sourceMaps: "inline",
  });
  module._compile(code, filename);
};
