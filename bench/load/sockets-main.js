/** The generator of sockets.js as a process of its own: the order comes as JSON on stdin, the figures go to stdout. */
import { text } from 'node:stream/consumers';
import { loadBySockets } from './sockets.js';

const order = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await loadBySockets(order)));
