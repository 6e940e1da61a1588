/** Settings of a command line: flag before environment before file before default, for every setting there is. */
import { describe, expect, it } from 'vitest';
import {
  type Config,
  type ConfigInput,
  describeConfig,
  loadConfig,
  strayVariables,
} from '../../src/cli/config.ts';
import { describeOptions } from '../../src/cli/help.ts';
import { shown, takes } from '../../src/config/check.ts';
import { SETTINGS, type Setting } from '../../src/config/settings.ts';
import { SettingError } from '../../src/core/errors.ts';

interface Given {
  argv?: string[];
  env?: Record<string, string>;
  file?: unknown;
}
/** A config from what is given; a file is found at `conf.json`. */
const load = ({ argv = [], env = {}, file }: Given): Promise<Config> => {
  const readFile: ConfigInput['readFile'] = async () => file;
  return loadConfig({ argv: file === undefined ? argv : ['--config', 'conf.json', ...argv], env, readFile });
};
const rejection = async (given: Given): Promise<string> => {
  const cause = await load(given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(cause).toBeInstanceOf(SettingError);
  const { message } = cause as SettingError;
  expect(message).not.toContain('\n');
  return message;
};

/** Three values of a setting that differ from its default and from each other, as the three places spell them. */
function samples(setting: Setting) {
  switch (setting.kind) {
    case 'text':
      return {
        flag: ['from-flag'],
        flagValue: 'from-flag',
        env: 'from-env',
        envValue: 'from-env',
        file: 'from-file',
      };
    case 'list':
      return setting.pattern?.test('a:1') === false
        ? { flag: ['a1', 'b2'], flagValue: ['a1', 'b2'], env: 'c3, d4', envValue: ['c3', 'd4'], file: ['e5'] }
        : {
            flag: ['a:1', 'b:2'],
            flagValue: ['a:1', 'b:2'],
            env: 'c:3, d:4',
            envValue: ['c:3', 'd:4'],
            file: ['e:5'],
          };
    case 'number':
      return { flag: ['11'], flagValue: 11, env: '12', envValue: 12, file: 13 };
    case 'switch':
      return { flag: [], flagValue: true, env: 'off', envValue: false, file: true };
    case 'json':
      return { flag: ['[1]'], flagValue: [1], env: '[2]', envValue: [2], file: [3] };
    case 'choice': {
      const [flag = '', env = '', file = flag] = setting.choices.filter(
        (choice) => choice !== setting.default,
      );
      return { flag: [flag], flagValue: flag, env: env || flag, envValue: env || flag, file };
    }
  }
}

const named = SETTINGS.map((setting) => [setting.name, setting] as const);

describe.each(named)('%s', (name, setting) => {
  const sample = samples(setting);
  const argv =
    sample.flag.length === 0
      ? [`--${setting.flag}`]
      : sample.flag.flatMap((value) => [`--${setting.flag}`, value]);
  const env = { [setting.env]: sample.env };
  const found = async (given: Given) => {
    const { settings, sources } = await load(given);
    return [settings[name], sources[name]];
  };

  it('comes from the flag, else the environment, else the file, else the default', async () => {
    const file = { [setting.flag]: sample.file };
    expect(await found({ argv, env, file })).toEqual([sample.flagValue, 'flag']);
    expect(await found({ env, file })).toEqual([sample.envValue, 'environment']);
    expect(await found({ file })).toEqual([sample.file, 'file']);
    expect(await found({})).toEqual([setting.default, 'default']);
  });

  it('is spelled in a file as the flag, or as in the library', async () => {
    expect(await found({ file: { [name]: sample.file } })).toEqual([sample.file, 'file']);
  });

  it('is not given by a variable that is empty', async () => {
    expect(await found({ env: { [setting.env]: '' } })).toEqual([setting.default, 'default']);
  });

  it('is rejected with its spelling, the value and what it takes', async () => {
    if (setting.kind !== 'text') {
      const bad = setting.kind === 'list' ? ',' : '!';
      const value = setting.kind === 'list' ? ['', ''] : bad;
      expect(await rejection({ env: { [setting.env]: bad } })).toBe(
        `${setting.env}: ${shown(setting, value)} is not what it takes: ${takes(setting)}`,
      );
    }
    const inFile = await rejection({ file: { [setting.flag]: null } });
    expect(inFile).toBe(
      `conf.json: ${setting.flag}: ${setting.secret ? '(hidden)' : 'null'} is not what it takes: ${takes(setting)}`,
    );
  });

  it('stands in --print-config with its source, and in --help with all three spellings', async () => {
    const line = describeConfig(await load({ env }))
      .split('\n')
      .find((one) => one.startsWith(`${setting.flag} `));
    expect(line?.endsWith('(environment)')).toBe(true);
    if (setting.secret === true) expect(line).toContain('(hidden)');
    const help = describeOptions(SETTINGS);
    expect(help).toContain(setting.kind === 'switch' ? `--[no-]${setting.flag} ` : `--${setting.flag} <`);
    expect(help).toContain(`${setting.env}; ${takes(setting)}`);
    expect(help).toContain(setting.help);
  });
});

describe('a bad command line', () => {
  it.each<[string[], string]>([
    [['--port', '80x'], "--port: '80x' is not what it takes: a whole number from 0 to 65535"],
    [['--port', '65536'], '--port: 65536 is not what it takes: a whole number from 0 to 65535'],
    [['--port=-1'], "--port: '-1' is not what it takes: a whole number from 0 to 65535"],
    [['--port', '-1'], "--port: '-1' is not what it takes: a whole number from 0 to 65535"],
    [['--port='], "--port: '' is not what it takes: a whole number from 0 to 65535"],
    [['--port', '1e3'], "--port: '1e3' is not what it takes: a whole number from 0 to 65535"],
    [['--port'], '--port: no value is given: it takes a whole number from 0 to 65535'],
    [['--port', '--strict'], '--port: no value is given: it takes a whole number from 0 to 65535'],
    [['--host', ''], "--host: '' is not what it takes: a text that is not empty"],
    [
      ['--progression', 'fast'],
      "--progression: 'fast' is not what it takes: one of time, polls, manual, immediate",
    ],
    [['--strict=maybe'], "--strict: 'maybe' is not what it takes: true or false"],
    [['--access-key', 'ak'], '--access-key: (hidden) is not what it takes: one or more AK:SK'],
    [['--token', ''], '--token: (hidden) is not what it takes: one or more texts'],
    [['--prot', '80'], "Unknown option '--prot'; did you mean --port? (see apig-mock --help)"],
    [['--no-port'], "Unknown option '--no-port' (see apig-mock --help)"],
    [['--config'], '--config: no value is given: it takes a file'],
    [['-x'], "Unknown option '-x' (see apig-mock --help)"],
    [['extra'], "'extra' is too many (see apig-mock --help)"],
  ])('%j is rejected in one line', async (argv, message) => {
    expect(await rejection({ argv })).toBe(message);
  });
});

describe('a switch', () => {
  const strict = async (given: Given) => (await load(given)).settings.strict;
  it.each(['true', 'TRUE', '1', 'on', 'yes'])('is on when it is %s', async (value) => {
    expect(await strict({ env: { APIG_MOCK_STRICT: value } })).toBe(true);
    expect(await strict({ argv: [`--strict=${value}`] })).toBe(true);
  });

  it.each(['false', 'False', '0', 'off', 'no'])(
    'is off when it is %s, and by its --no- form',
    async (value) => {
      const file = { strict: true };
      expect(await strict({ env: { APIG_MOCK_STRICT: value }, file })).toBe(false);
      expect(await strict({ argv: [`--strict=${value}`], file })).toBe(false);
      expect(await strict({ argv: ['--no-strict'], file })).toBe(false);
    },
  );
});

describe('a config file', () => {
  it.each<[unknown, string | RegExp]>([
    [{ prot: 1 }, /^conf\.json: prot: there is no such setting/],
    [{ ports: 1 }, 'conf.json: ports: there is no such setting; did you mean port?'],
    [{ zzz: 1 }, 'conf.json: zzz: there is no such setting (see apig-mock --help)'],
    [{ constructor: 1 }, /^conf\.json: constructor: there is no such setting/],
    [{ config: 'x' }, /^conf\.json: config: there is no such setting/],
    [{ port: '80' }, "conf.json: port: '80' is not what it takes: a whole number from 0 to 65535"],
    [[], 'conf.json: a config file holds an object of settings, such as {"port": 0}'],
    [null, 'conf.json: a config file holds an object of settings, such as {"port": 0}'],
    ['port: 80', 'conf.json: a config file holds an object of settings, such as {"port": 0}'],
  ])('with %j is rejected by its name and the key', async (file, message) => {
    if (typeof message === 'string') expect(await rejection({ file })).toBe(message);
    else expect(await rejection({ file })).toMatch(message);
  });

  it('is named by the flag, else by the variable, else is not read', async () => {
    const read: string[] = [];
    const readFile = async (path: string) => {
      read.push(path);
      return {};
    };
    const env = { APIG_MOCK_CONFIG: 'env.json' };
    await loadConfig({ argv: ['--config', 'flag.json'], env, readFile });
    await loadConfig({ argv: [], env, readFile });
    await loadConfig({ argv: [], env: {}, readFile });
    expect(read).toEqual(['flag.json', 'env.json']);
  });
});

describe('a variable that looks like a setting', () => {
  it.each([
    ['APIG_MOCK_PROT', 'APIG_MOCK_PROT is not a setting, and has no effect; did you mean APIG_MOCK_PORT?'],
    [
      'APIG_MOCK_TOKEN',
      'APIG_MOCK_TOKEN is not a setting, and has no effect; did you mean APIG_MOCK_TOKENS?',
    ],
    ['APIG_MOCK_ZZZZZZ', 'APIG_MOCK_ZZZZZZ is not a setting, and has no effect (see apig-mock --help)'],
  ])('is reported when it is not one: %s', (name, line) => {
    expect(strayVariables({ [name]: 'hush-hush', APIG_MOCK_PORT: '1', PATH: '/bin' })).toEqual([line]);
  });

  it.each([
    ...SETTINGS.map(({ env }) => env),
    'APIG_MOCK_CONFIG',
    'APIG_MOCK_URL',
    'APIG_MOCK_REQUIRE_BROWSER',
    'APIG_MOCK_SERVICE_HOST',
    'APIG_MOCK_SERVICE_PORT_HTTP',
    'APIG_MOCK_PORT_8080_TCP_ADDR',
    'APIG_MOCKERY',
  ])('is not reported: %s', (name) => {
    expect(strayVariables({ [name]: 'x' })).toEqual([]);
  });
});

describe('--help and --version', () => {
  it.each(['--help', '-h', '--version', '-v'])(
    '%s works whatever the environment and the file contain',
    async (flag) => {
      const env = { APIG_MOCK_PORT: 'nonsense', APIG_MOCK_CONFIG: 'broken.json' };
      const readFile = () => Promise.reject(new SettingError('broken'));
      const config = await loadConfig({ argv: [flag], env, readFile });
      expect(config.help || config.version).toBe(true);
    },
  );
});
