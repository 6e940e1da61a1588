/** One connection of a client: requests go out pipelined, responses arrive in order, each is checked as it arrives. */
import { connect } from 'node:net';

/** How long responses may take to arrive. */
const RESPONSE_MS = 20_000;

/** A response that is not what the client knows it must be, or none. */
export class WrongResponse extends Error {}

const short = (text) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

export class Line {
  /** How many responses arrived. */
  responses = 0;
  #socket;
  #text = '';
  #awaited = [];
  #closing = false;

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text) => this.#take(text));
    this.#socket.on('error', (cause) => this.#fail(`the connection broke: ${cause.message}`));
    this.#socket.on('close', () => this.#fail('the connection was closed'));
  }

  /**
   * Sends bytes that hold `count` requests; resolves when all have their response. `check(response, at)` returns what is
   * wrong with a response, or nothing.
   */
  send(bytes, count, check) {
    return new Promise((resolve, reject) => {
      const awaited = { bytes, count, check, at: 0, resolve, reject };
      awaited.timer = setTimeout(() => this.#fail(`no response within ${RESPONSE_MS} ms`), RESPONSE_MS);
      this.#awaited.push(awaited);
      this.#socket.write(bytes, 'latin1');
    });
  }

  close() {
    this.#closing = true;
    this.#socket.destroy();
  }

  #take(text) {
    this.#text = this.#text === '' ? text : this.#text + text;
    let from = 0;
    for (;;) {
      const headEnd = this.#text.indexOf('\r\n\r\n', from);
      if (headEnd < 0) break;
      const lengthAt = this.#text.indexOf('Content-Length: ', from);
      const bytes =
        lengthAt < 0 || lengthAt > headEnd
          ? 0
          : Number.parseInt(this.#text.slice(lengthAt + 16, lengthAt + 28), 10);
      const end = headEnd + 4 + bytes;
      if (this.#text.length < end) break;
      const status = Number(this.#text.slice(from + 9, from + 12));
      this.#receive({ status, body: this.#text.slice(headEnd + 4, end) });
      from = end;
    }
    this.#text = this.#text.slice(from);
  }

  #receive(response) {
    const awaited = this.#awaited[0];
    if (awaited === undefined) return this.#fail(`a response that nobody asked for: ${response.status}`);
    this.responses += 1;
    const wrong = awaited.check(response, awaited.at);
    if (wrong !== undefined) {
      const asked = `request ${awaited.at + 1} of ${awaited.count}, ${short(awaited.bytes.split('\r\n', 1)[0])}`;
      return this.#fail(`${asked}: ${wrong}; came: ${response.status} ${short(response.body)}`);
    }
    awaited.at += 1;
    if (awaited.at < awaited.count) return;
    clearTimeout(awaited.timer);
    this.#awaited.shift();
    awaited.resolve();
  }

  #fail(what) {
    if (this.#closing) return;
    this.close();
    for (const { timer, reject } of this.#awaited.splice(0)) {
      clearTimeout(timer);
      reject(new WrongResponse(what));
    }
  }
}
