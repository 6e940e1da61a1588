/** Requests as they go over the wire: made once, sent again and again. */

/** `{path, headers}` as the text of a GET. */
export function requestText({ path, headers }, port) {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
