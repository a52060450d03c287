const { availableParallelism } = require("node:os");

/**
 * Packages that are ES modules only: execa and all that it loads. Jest can't load those under Node 20,
 * so they are made CommonJS like our own sources, and `await import("execa")` becomes a require.
 */
const esModules = [
  "execa",
  "@sindresorhus/merge-streams",
  "figures",
  "get-stream",
  "human-signals",
  "is-plain-obj",
  "is-stream",
  "is-unicode-supported",
  "npm-run-path",
  "parse-ms",
  "path-key",
  "pretty-ms",
  "strip-final-newline",
  "unicorn-magic",
  "yoctocolors",
  "@sec-ant/readable-stream",
];

/**
 * One layer of the tests: a folder below test/.
 * @param {string} name
 * @param {object} [options]
 */
function layer(name, options) {
  return {
    displayName: name,
    rootDir: __dirname,
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    testEnvironment: "node",
    transform: {
      "\\.[jt]s$": [
        "@swc/jest",
        { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
      ],
    },
    transformIgnorePatterns: [`/node_modules/(?!(?:${esModules.join("|")})/)`],
    moduleNameMapper: { "^unicorn-magic$": "<rootDir>/node_modules/unicorn-magic/node.js" },
    modulePathIgnorePatterns: ["<rootDir>/build/"],
    ...options,
  };
}

module.exports = {
  projects: [
    layer("unit"),
    layer("session", { setupFilesAfterEnv: ["<rootDir>/test/again.ts"] }),
    layer("replay"),
    layer("crash", {
      testEnvironment: "<rootDir>/test/engine/harness/environment.ts",
      globalSetup: "<rootDir>/test/engine/harness/global.ts",
      setupFilesAfterEnv: ["<rootDir>/test/engine/harness/limits.ts", "<rootDir>/test/again.ts"],
    }),
    layer("engine", {
      testEnvironment: "<rootDir>/test/engine/harness/environment.ts",
      globalSetup: "<rootDir>/test/engine/harness/global.ts",
      setupFilesAfterEnv: ["<rootDir>/test/engine/harness/limits.ts", "<rootDir>/test/again.ts"],
    }),
    layer("preview", {
      testEnvironment: "<rootDir>/test/engine/harness/environment.ts",
      globalSetup: "<rootDir>/test/engine/harness/global.ts",
      setupFilesAfterEnv: ["<rootDir>/test/engine/harness/limits.ts"],
    }),
  ],
  testTimeout: 30_000,
  testSequencer: "<rootDir>/test/order.js",
  // A file of the engine's waits for one process at a time, so two of them share even two processors well.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
