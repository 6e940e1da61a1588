/** What the describer of routes cannot say is put in at the end: headers of answers, examples of bodies, and bodies that may be left out. */
import { BODY_EXAMPLES } from './body-examples.ts';
import type { DescribedHeader } from './headers.ts';
import { ADMIN_CHALLENGE, ALLOW, NOT_KEPT, REASON, REQUEST_ID } from './headers.ts';

/** What of the document is looked at. */
export interface Described {
  paths?: Record<string, Record<string, DescribedOperation>>;
}
interface DescribedOperation {
  operationId?: string;
  parameters?: { in: string; allowEmptyValue?: boolean; schema?: { type?: string } }[];
  requestBody?: {
    required?: boolean;
    content: Record<string, { schema?: { required?: unknown[] }; example?: unknown }>;
  };
  responses: Record<string, { headers?: Record<string, DescribedHeader> }>;
}
type Headers = Readonly<Record<string, DescribedHeader>>;

/** The headers that go with a status, wherever it is answered. */
export const headersOf = (status: number): Headers => ({
  ...REQUEST_ID,
  ...(status >= 400 ? REASON : {}),
  ...(status === 405 ? ALLOW : {}),
});

/** Puts in what is missing; `own` = the headers of an operation's answer, by its id. */
export function finish<D extends Described>(document: D, own: ReadonlyMap<string, Headers>): D {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const operation of Object.values(methods)) {
      const isAdmin = path.startsWith('/__admin');
      const ofAnswer = own.get(operation.operationId ?? '') ?? {};
      for (const [status, response] of Object.entries(operation.responses))
        response.headers = {
          ...headersOf(Number(status)),
          ...(isAdmin ? NOT_KEPT : {}),
          ...(isAdmin && status === '401' ? ADMIN_CHALLENGE : {}),
          ...(Number(status) < 400 ? ofAnswer : {}),
        };
      giveExample(operation);
      if (isAdmin) loosen(operation);
      else allowEmpty(operation);
    }
  }
  return document;
}

function giveExample({ operationId = '', requestBody }: DescribedOperation): void {
  const example = BODY_EXAMPLES[operationId];
  if (example === undefined) return;
  for (const media of Object.values(requestBody?.content ?? {})) media.example = example;
}

/** An empty body is an empty object to the control calls: none is needed where no member is. */
function loosen({ requestBody }: DescribedOperation): void {
  const [media] = Object.values(requestBody?.content ?? {});
  if (requestBody !== undefined) requestBody.required = (media?.schema?.required ?? []).length > 0;
}

/** Numbers of the emulated queries may be empty: that is the default. */
function allowEmpty({ parameters = [] }: DescribedOperation): void {
  for (const one of parameters)
    if (one.in === 'query' && one.schema?.type === 'integer') one.allowEmptyValue = true;
}
