/** placeholder */
export async function measureFleet() {
  return undefined;
}
