/** Loaded before the mock: while the named file is there, signing and verifying fail, as with a defect. */
'use strict';
const crypto = require('node:crypto');
const { existsSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { createHmac } = crypto;
crypto.createHmac = (...given) => {
  if (existsSync(process.env['CRASH_FILE'] ?? '')) throw new TypeError('an injected defect');
  return createHmac(...given);
};
syncBuiltinESMExports();
