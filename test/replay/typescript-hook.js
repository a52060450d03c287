// Lets node load the tests' TypeScript without jest.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("@swc/core");

/**
 * @typedef {{ _compile(code: string, filename: string): void }} Loaded
 * @typedef {{ _extensions: Record<string, (loaded: Loaded, filename: string) => void> }} Loader
 */
const loader = /** @type {Loader} */ (/** @type {unknown} */ (Module));

/** @type {(loaded: Loaded, filename: string) => void} */
const load = (loaded, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  });
  loaded._compile(code, filename);
};

loader._extensions[".ts"] = load;
