/**
 * Sees every response of a mock in this process go out, whichever way: the fast path of polls, Fastify, a rejection on
 * the bare socket, an injected call. Loaded by the hook of the suite, and by `--require` in processes that tests start.
 */
'use strict';
const { OutgoingMessage, ServerResponse } = require('node:http');
const { Socket } = require('node:net');
const { closeSync, openSync, writeSync } = require('node:fs');
const { subscribe } = require('node:diagnostics_channel');
const { isMainThread } = require('node:worker_threads');

/** After a line that could not be written whole. */
const TORN = '#torn';

/** Longer bodies are not recorded: only their status and headers are checked. */
const LONGEST = 1024 * 1024;

/** The request of Fastify that a response belongs to, which knows whether a fault shaped it. */
const requests = new WeakMap();
const bodies = new WeakMap();
const done = new WeakSet();

/** Only the server of a mock responds to expectations itself. */
const isOurs = (socket) => (socket?.server?.listenerCount?.('checkExpectation') ?? 0) > 0;
const isMocks = (response) => isOurs(response.req?.socket) || 'identity' in (requests.get(response) ?? {});

function keep(response, chunk, encoding) {
  if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
  const body = bodies.get(response) ?? { length: 0, pieces: [] };
  bodies.set(response, body);
  body.length += chunk.length;
  if (body.length > LONGEST) body.pieces = [];
  else
    body.pieces.push(
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
        : chunk,
    );
}

function headersIn(lines) {
  const headers = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  return headers;
}

/** A response as the checker takes it. */
function seen(response) {
  const { length, pieces } = bodies.get(response) ?? { length: 0, pieces: [] };
  const { method, url: target } = response.req;
  const hasText = length <= LONGEST && method !== 'HEAD';
  return {
    method,
    target,
    status: response.statusCode,
    headers: headersIn(response._header.split('\r\n').slice(1)),
    ...(hasText ? { text: Buffer.concat(pieces).toString() } : {}),
    ...(requests.get(response)?.faultId === undefined ? {} : { faulted: true }),
  };
}

/** What Node's parser rejected is written to the socket as one text. */
function seenOnSocket(text) {
  const [head, body = ''] = text.split('\r\n\r\n');
  const [line, ...headers] = head.split('\r\n');
  return { status: Number(line.split(' ')[1]), headers: headersIn(headers), text: body };
}

/** From now on `report` is called with every response. */
function install(report) {
  subscribe('fastify.initialization', ({ fastify }) => {
    fastify.addHook('onRequest', (request, reply, next) => {
      requests.set(reply.raw, request);
      next();
    });
  });
  const { write, end } = OutgoingMessage.prototype;
  ServerResponse.prototype.write = function (chunk, encoding, callback) {
    // A stream of events has no end to wait for.
    if (!/text\/event-stream/.test(this._header ?? '')) keep(this, chunk, encoding);
    return write.call(this, chunk, encoding, callback);
  };
  ServerResponse.prototype.end = function (chunk, encoding, callback) {
    if (!this.writableEnded) keep(this, chunk, encoding);
    const ended = end.call(this, chunk, encoding, callback);
    if (this._header && !done.has(this) && isMocks(this)) {
      done.add(this);
      report(seen(this));
    }
    return ended;
  };
  const { end: endSocket } = Socket.prototype;
  Socket.prototype.end = function (chunk, ...rest) {
    if (typeof chunk === 'string' && chunk.startsWith('HTTP/1.1 ') && isOurs(this))
      report(seenOnSocket(chunk));
    return endSocket.call(this, chunk, ...rest);
  };
}

/** In a process of its own, responses are written to a file, one a line, for the test that started it. */
function writeDown(path) {
  // Each process has a file of its own: one that is killed tears no line of another.
  const file = openSync(`${path}.${process.pid}`, 'a');
  let isTorn = false;
  const known = new Set();
  let lines = [];
  const flush = () => {
    const text = lines.join('');
    lines = [];
    try {
      if (text !== '') writeSync(file, isTorn ? `\n${TORN}\n${text}` : text);
      isTorn = false;
    } catch {
      // A full disk is what some tests are about.
      isTorn = true;
    }
  };
  install((response) => {
    const key = `${response.method} ${response.target} ${response.status} ${response.text}`;
    if (known.has(key) || known.size > 20_000) return;
    known.add(key);
    if (lines.push(`${JSON.stringify(response)}\n`) === 1) setImmediate(flush);
  });
  process.once('exit', () => {
    flush();
    closeSync(file);
  });
}

exports.install = install;
const { CONTRACT_RESPONSES: path } = process.env;
if (path !== undefined && isMainThread && process.env.CONTRACT_PARENT !== String(process.pid))
  writeDown(path);
