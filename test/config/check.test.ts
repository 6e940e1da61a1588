/** The settings of the library: what each takes, what it rejects and in which words, and the defaults. */
import { describe, expect, it } from 'vitest';
import { settingsFrom, shown, takes } from '../../src/config/check.ts';
import { SETTINGS, type Setting, type Settings } from '../../src/config/settings.ts';
import { SettingError } from '../../src/core/errors.ts';

const settingOf = (name: string): Setting => {
  const found = SETTINGS.find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`no setting ${name}`);
  return found;
};

const rejection = (given: unknown): string => {
  try {
    settingsFrom(given as Partial<Settings>);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

/** Values that do not fit, by kind. */
const BAD: Record<Setting['kind'], readonly unknown[]> = {
  text: ['', 1, true, null, ['a'], {}],
  list: ['a', [''], [1], null, {}, 5],
  number: ['1', 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, null, true, 1e12],
  switch: ['true', 1, 0, null, 'on'],
  json: ['[]', {}, 5, null, true],
  choice: ['', 'TIME', 'none-such', null, 1, ['time']],
};

describe('every setting', () => {
  it.each(SETTINGS.map((setting) => [setting.name, setting] as const))(
    '%s rejects what it does not take',
    (name, setting) => {
      for (const value of BAD[setting.kind]) {
        const message = rejection({ [name]: value });
        expect(message).toBe(`${name}: ${shown(setting, value)} is not what it takes: ${takes(setting)}`);
        expect(message).not.toContain('\n');
      }
    },
  );

  it.each(SETTINGS.map((setting) => [setting.name, setting] as const))(
    '%s takes its own default',
    (name, setting) => {
      const taken = settingsFrom(setting.default === undefined ? {} : { [name]: setting.default });
      expect(taken[name]).toEqual(setting.default);
    },
  );

  it('has a flag, a variable and a name of its own, and a description', () => {
    for (const part of ['name', 'flag', 'env'] as const)
      expect(new Set(SETTINGS.map((setting) => setting[part])).size).toBe(SETTINGS.length);
    for (const setting of SETTINGS) {
      expect(setting.flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(setting.env).toMatch(/^APIG_MOCK_[A-Z]+(_[A-Z]+)*$/);
      expect(setting.help.length).toBeGreaterThan(5);
    }
  });
});

describe('bounds', () => {
  it.each([
    ['port', 0, 65_535],
    ['waitingMs', 0, 2_592_000_000],
    ['processingMs', 0, 2_592_000_000],
    ['waitingPolls', 0, 1_000_000],
    ['processingPolls', 0, 1_000_000],
    ['workers', 1, 100_000],
    ['maxTasks', 1, 10_000_000],
    ['maxRequests', 0, 1_000_000],
    ['maxBodyMb', 1, 100],
  ] as const)('of %s are %i and %i', (name, min, max) => {
    expect(settingsFrom({ [name]: min })[name]).toBe(min);
    expect(settingsFrom({ [name]: max })[name]).toBe(max);
    for (const beyond of [min - 1, max + 1])
      expect(rejection({ [name]: beyond })).toBe(
        `${name}: ${beyond} is not what it takes: a whole number from ${min} to ${max}`,
      );
  });

  it.each(['ak', 'ak:', ':sk', 'a b:c', 'ak:s,k'])("of an access key are AK:SK: not '%s'", (pair) => {
    expect(rejection({ accessKeys: [pair] })).toMatch(/^accessKeys: .* takes: one or more AK:SK$/);
  });
});

describe('defaults', () => {
  it('are those of the contract', () => {
    expect(settingsFrom({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      fixtures: undefined,
      tokens: ['dev-token'],
      accessKeys: ['dev-ak:dev-sk'],
      autoPublish: true,
      strict: false,
      progression: 'time',
      waitingMs: 500,
      processingMs: 1500,
      waitingPolls: 1,
      processingPolls: 1,
      workers: 4,
      clock: 'system',
      region: 'cn-north-7',
      maxTasks: 100_000,
      maxRequests: 1000,
      maxBodyMb: 12,
      admin: true,
      adminHosts: [],
      logLevel: 'info',
    });
  });

  it('give way to other defaults, and these to what is given; undefined is not given', () => {
    const others = { port: 0, region: 'r' };
    expect(
      settingsFrom({ port: 5, region: undefined } as unknown as Partial<Settings>, others),
    ).toMatchObject({ port: 5, region: 'r' });
  });
});

describe('rejections', () => {
  it('name an option that does not exist', () => {
    expect(rejection({ prot: 1 })).toBe('prot: there is no such option');
    expect(rejection({ constructor: 1 })).toBe('constructor: there is no such option');
  });

  it.each(SETTINGS.filter(({ secret }) => secret).map(({ name }) => name))(
    'do not show the secret of %s',
    (name) => {
      for (const value of [['', 'hush-hush'], { text: 'hush-hush' }]) {
        expect(rejection({ [name]: value })).toContain('(hidden)');
        expect(rejection({ [name]: value })).not.toContain('hush-hush');
      }
    },
  );

  it('show texts in quotes and all else as JSON', () => {
    expect([
      shown(settingOf('port'), '80'),
      shown(settingOf('port'), 80.5),
      shown(settingOf('host'), null),
    ]).toEqual(["'80'", '80.5', 'null']);
  });
});
