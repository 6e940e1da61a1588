/** Loaded before the mock: writes down every connection, name look-up, program and file that it asks for, and forbids the first three. */
'use strict';
const fs = require('node:fs');
const { isIP } = require('node:net');
const { syncBuiltinESMExports } = require('node:module');

const record = fs.openSync(process.env['OUTBOUND_FILE'], 'a');
const { writeSync } = fs;
const note = (what, to) =>
  writeSync(
    record,
    `${JSON.stringify([what, String(to)])}
`,
  );
const forbid = (module, names, what) => {
  for (const name of names) {
    const original = module[name];
    if (typeof original !== 'function') continue;
    module[name] = function forbidden(...given) {
      // Node looks up the address it is to listen at, which is one already.
      if (name === 'lookup' && isIP(given[0])) return original.apply(this, given);
      note(what, `${name} ${JSON.stringify(given[0] ?? null)}`);
      throw new Error(`forbidden: ${what}`);
    };
  }
};
const watch = (module, names) => {
  for (const name of names) {
    const original = module[name];
    if (typeof original !== 'function') continue;
    module[name] = function noted(path, ...rest) {
      if (typeof path === 'string' || path instanceof URL || Buffer.isBuffer(path)) note('file', path);
      return original.call(this, path, ...rest);
    };
  }
};

const dns = require('node:dns');
const LOOK_UPS = [
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveSrv',
  'resolveTxt',
  'reverse',
];
forbid(require('node:net').Socket.prototype, ['connect'], 'connection');
forbid(dns, LOOK_UPS, 'look-up');
forbid(dns.promises, LOOK_UPS, 'look-up');
forbid(require('node:dgram'), ['createSocket'], 'connection');
forbid(
  require('node:child_process'),
  ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'],
  'program',
);
const FILES = [
  'open',
  'openSync',
  'readFile',
  'readFileSync',
  'createReadStream',
  'stat',
  'statSync',
  'access',
  'readdir',
  'realpath',
  'writeFile',
  'writeFileSync',
  'rename',
  'rm',
  'unlink',
  'lstat',
];
watch(fs, FILES);
watch(fs.promises, FILES);
syncBuiltinESMExports();
