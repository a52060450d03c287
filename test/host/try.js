// Boots a machine and runs command lines in it: `node test/host/try.js 'jls' 'ifconfig'`. Without any it says how to
// log in and stays.
require("../replay/typescript-hook");
const { Machine } = require("./machine");

(async () => {
  const machine = await Machine.start({ progress: (text) => console.error(text) });
  const commands = process.argv.slice(2);
  for (const command of commands) {
    const { stdout, stderr, status } = await machine.sh(command);
    process.stdout.write(`$ ${command}\n${stdout}${stderr.replace(/^(?=.)/gm, "2| ")}=> ${status}\n`);
  }
  if (commands.length === 0) {
    console.log(`ssh -i ${machine.privateKeyFile} -p ${machine.port} root@127.0.0.1`);
    await new Promise((resolve) => process.once("SIGINT", resolve));
  }
  await machine.stop();
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
