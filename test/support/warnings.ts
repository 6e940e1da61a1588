/** Set-up of every test file: a warning that Node gives in the process of the tests fails the file, unless expected. */
import { afterAll } from 'vitest';

const warnings: string[] = [];
const note = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
process.on('warning', note);

afterAll(async () => {
  // A warning is given in the turn after its cause.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  if (warnings.length > 0) throw new Error(`unexpected warnings:\n${warnings.join('\n')}`);
});
