/** The id of a request, 32 hex digits: half drawn once per process, half counted, so that one costs no draw. */

/** Makes the source of request ids from one drawn id. */
export function createRequestIds(drawnId: string): () => string {
  const prefix = drawnId.slice(0, 20);
  let count = Number.parseInt(drawnId.slice(20, 26), 16);
  return () => {
    count += 1;
    return prefix + count.toString(16).padStart(12, '0');
  };
}
