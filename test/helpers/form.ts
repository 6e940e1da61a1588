/** A form as bytes with their type: what `request` of undici takes on every Node; see `src/cli/api-client.ts`. */
export async function encoded(
  form: FormData,
): Promise<{ headers: { 'content-type': string }; body: Uint8Array }> {
  const answer = new Response(form);
  return {
    headers: { 'content-type': answer.headers.get('content-type') ?? '' },
    body: new Uint8Array(await answer.arrayBuffer()),
  };
}
