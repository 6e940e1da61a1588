/** The headers of answers and requests, as they are described. */
import { Type } from '@sinclair/typebox';

/** A header of an answer; `required` = it is always there. */
export interface DescribedHeader {
  readonly description: string;
  readonly required?: true;
  readonly schema: object;
}

const header = (description: string, pattern?: string): DescribedHeader => ({
  description,
  required: true,
  schema: { type: 'string', ...(pattern === undefined ? {} : { pattern }) },
});

export const REQUEST_ID = {
  'X-Request-Id': header('the id of this request, also in the journal', '^[0-9a-f]{32}$'),
};
/** Says why, when there is more to say than the provider says; never in strict mode. */
export const REASON = {
  'X-Mock-Reason': {
    description: 'why it was refused, for a person; not with --strict',
    schema: { type: 'string' },
  },
};
export const ALLOW = { Allow: header('the methods that the route takes', '^[A-Z]+(, [A-Z]+)*$') };
export const ADMIN_CHALLENGE = { 'WWW-Authenticate': header('Bearer', '^Bearer$') };
export const NOT_KEPT = {
  'Cache-Control': header('no-store; pages: no-cache', '^no-(store|cache)$'),
  'Content-Security-Policy': header('no other site may embed it', "^default-src 'none'"),
};
export const SUBJECT_TOKEN = { 'X-Subject-Token': header('the token', '.') };
export const FILE_NAME = { 'Content-Disposition': header('the name of the file', '^attachment; filename') };
export const TO_DASHBOARD = { Location: header('the dashboard', '^/__admin/$') };

/** What a request brings beside its credentials. */
export const SubjectTokenHeader = Type.Object({
  'X-Subject-Token': Type.String({ description: 'the token to look at' }),
});
export const LastEventHeader = Type.Object({
  'Last-Event-ID': Type.Optional(
    Type.String({ description: 'the id of the last event that was read; before the query' }),
  ),
});
