/** Reads a config file, JSON or YAML by its name. Loaded when one is given. */
import { jsonFault } from '../json-fault.ts';
import { SettingError } from '../options.ts';
import { readTextFile } from '../text-file.ts';

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
