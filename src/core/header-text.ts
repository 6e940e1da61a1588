/**
 * Text outside ASCII in headers: Node sends and reads them as Latin-1, curl and most SDKs send UTF-8, undici sends
 * Latin-1 where it can. What is sent from here is UTF-8, and what comes is known in both forms.
 */

/** A text as it is given to Node, so that its UTF-8 bytes are sent. */
const sentText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** How a text may look when it has come in a header. */
export const receivedForms = (text: string): ReadonlySet<string> => new Set([text, sentText(text)]);

/** The header that shows an admin token; nothing without one. */
export const bearer = (adminToken: string | undefined): { authorization?: string } =>
  adminToken === undefined ? {} : { authorization: `Bearer ${sentText(adminToken.trim())}` };

/** A header takes no line breaks and nothing beyond Latin-1. */
export const headerText = (text: string): string =>
  text.length > 1000 ? headerText(text.slice(0, 1000)) : text.replaceAll(/[^\x20-\x7e]/g, '?');
