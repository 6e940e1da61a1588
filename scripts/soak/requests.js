/** Requests as bytes, and checks of their responses. */
const AUTH = 'host: localhost\r\nx-auth-token: dev-token\r\n';
const BOUNDARY = 'soak-boundary';

export const plain = (method, path, auth = AUTH) => `${method} ${path} HTTP/1.1\r\n${auth}\r\n`;

export const withBody = (method, path, type, body) =>
  `${method} ${path} HTTP/1.1\r\n${AUTH}content-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

export const json = (method, path, body) =>
  withBody(method, path, 'application/json', typeof body === 'string' ? body : JSON.stringify(body));

/** An import of a file into a new group. */
export const form = (path, file) => {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file_name"; filename="a.json"\r\n\r\n`;
  return withBody(
    'POST',
    path,
    `multipart/form-data; boundary=${BOUNDARY}`,
    `${head}${file}\r\n--${BOUNDARY}--\r\n`,
  );
};

/** A document with so many APIs. */
export function documentOf(title, count) {
  const api = {
    'x-apigateway-request-type': 'public',
    'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } },
    responses: { default: { description: 'x' } },
  };
  const paths = Object.fromEntries(Array.from({ length: count }, (_, at) => [`/a${at}`, { get: api }]));
  return JSON.stringify({ swagger: '2.0', info: { title, version: '1' }, paths });
}

/** Checks the status, and a member of a JSON body or more of it. */
export function expectStatus(status, look) {
  return (response) => {
    if (response.status !== status) return `must be ${status}`;
    if (look === undefined) return undefined;
    let body;
    try {
      body = JSON.parse(response.body);
    } catch {
      return 'must be JSON';
    }
    return look(body);
  };
}

/** Checks a rejection. */
export const rejects = (status, code) =>
  expectStatus(status, ({ error_code }) => (error_code === code ? undefined : `must have ${code}`));
