/** Opens connections, sends one poll on each, reports it, and holds them until its stdin ends. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { requestText } from './requests.js';

const [line] = await once(process.stdin, 'data');
const { port, connections, requests } = JSON.parse(line);
const text = requestText(requests[0], port);
const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1'));
await Promise.all(
  sockets.map(async (socket) => {
    await once(socket, 'connect');
    socket.write(text);
    await once(socket, 'data');
  }),
);
process.stdout.write('held\n');
await once(process.stdin, 'end');
for (const socket of sockets) socket.destroy();
