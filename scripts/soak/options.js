/** The arguments of the soak. */
import { parseArgs } from 'node:util';

export const USAGE = `npm run soak -- [--minutes N | --seconds N] [--clients N] [--seed N]

Puts a mock under load, checks every response, and reports whether memory, descriptors and speed stayed in bounds.
Exit code 1 with the reasons when they did not. Without a time: one minute.`;

const NUMBER = /^\d+(\.\d+)?$/;

/** Throws for what it cannot use. */
export function readOptions(argv) {
  const text = { type: 'string' };
  const { values } = parseArgs({
    args: argv,
    options: {
      minutes: text,
      seconds: text,
      clients: text,
      seed: text,
      help: { type: 'boolean', default: false },
    },
  });
  const numberOf = (name, otherwise) => {
    const given = values[name];
    if (given === undefined) return otherwise;
    if (!NUMBER.test(given) || Number(given) === 0)
      throw new Error(`--${name}: '${given}' is no number above 0`);
    return Number(given);
  };
  return {
    help: values.help,
    seconds: numberOf('seconds', numberOf('minutes', 1) * 60),
    clients: Math.round(numberOf('clients', 4)),
    seed: Math.round(numberOf('seed', 1)),
  };
}
