/** The mock as a library user starts it: a script that imports it and nothing else. */
const { startApigMock } = await import(process.argv[2]);
await startApigMock({ port: Number(process.env.PORT ?? 0) });
