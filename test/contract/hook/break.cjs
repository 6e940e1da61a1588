/** Breaks a mock on purpose, its responses to polls or its silence, for the checks to find: BREAK names what is broken. */
'use strict';
const { ServerResponse } = require('node:http');

const { writeHead, end } = ServerResponse.prototype;
const isPoll = (response) => /async-tasks/.test(response.req.url);

ServerResponse.prototype.writeHead = function (status, headers, ...rest) {
  if (!isPoll(this)) return writeHead.call(this, status, headers, ...rest);
  const sent = process.env.BREAK === 'header' ? headers.filter((_, at) => at < headers.length - 2) : headers;
  return writeHead.call(this, process.env.BREAK === 'status' ? 299 : status, sent, ...rest);
};
ServerResponse.prototype.end = function (chunk, ...rest) {
  const isBroken = process.env.BREAK === 'body' && typeof chunk === 'string' && isPoll(this);
  if (process.env.BREAK === 'silence' && isPoll(this))
    process.emitWarning('11 listeners added', 'MaxListenersExceededWarning');
  return end.call(this, isBroken ? chunk.replace('task_status', 'task_statuz') : chunk, ...rest);
};
