/** Reads a config file, JSON or YAML by its name. Loaded when one is given. */

import { SettingError } from '../core/errors.ts';
import { jsonFault } from '../core/json-error.ts';
import { readTextFile } from '../core/text-file.ts';

/** The value in a config file. Throws `SettingError`. */
export async function readConfigFile(path: string): Promise<unknown> {
  const text = await readTextFile(path, '--config', 'files and pipes');
  try {
    if (/\.ya?ml$/i.test(path)) return (await import('js-yaml')).load(text);
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    const why =
      cause instanceof SyntaxError ? jsonFault(text, cause) : `not YAML: ${message.split('\n', 1)[0]}`;
    throw new SettingError(`--config: '${path}': ${why}`);
  }
}
