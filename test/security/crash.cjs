/** Loaded before the mock: while the named file is there, whoever signs or verifies anything fails, as a defect would. */
'use strict';
const crypto = require('node:crypto');
const { existsSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { createHmac } = crypto;
crypto.createHmac = (...given) => {
  if (existsSync(process.env['CRASH_FILE'] ?? '')) throw new TypeError('a planted defect');
  return createHmac(...given);
};
syncBuiltinESMExports();
