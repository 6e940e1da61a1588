/**
 * A form as its bytes, made by the engine: undici's `request` takes its own `FormData` up to Node 22 and the engine's
 * from Node 24 on, and with the other one it fails, or never ends.
 */

export interface FormBytes {
  readonly headers: { readonly 'content-type': string };
  readonly body: Uint8Array;
}

export async function formBytes(form: FormData): Promise<FormBytes> {
  const response = new Response(form);
  return {
    headers: { 'content-type': response.headers.get('content-type') ?? '' },
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
