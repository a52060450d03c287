const { default: Sequencer } = require("@jest/test-sequencer");

/** The layers whose files take minutes each. */
const long = ["preview", "crash"];

/** What takes longest starts first, so that no worker waits for one file at the end; else as Jest orders them. */
class Order extends Sequencer {
  /** @override @param {import("@jest/test-result").Test[]} tests */
  async sort(tests) {
    const rank = (/** @type {import("@jest/test-result").Test} */ { context }) =>
      long.includes(context.config.displayName?.name ?? "") ? 0 : 1;
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
}

module.exports = Order;
