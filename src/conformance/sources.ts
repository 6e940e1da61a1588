/** Where the service promises what the scenarios check: each page with the day it was read. */

const API = 'API reference of APIG';

export const SOURCES = {
  show: `${API}, ShowAsyncTaskResult, read in 2026-11`,
  import: `${API}, ImportApiDefinitionsAsync, read in 2026-11`,
  export: `${API}, ExportApiDefinitionsAsync, read in 2026-11`,
  importNow: `${API}, ImportApiDefinitionsV2, read in 2026-11`,
  exportNow: `${API}, ExportApiDefinitionsV2, read in 2026-11`,
  publish: `${API}, BatchPublishOrOfflineApiV2, read in 2026-11`,
  publishOne: `${API}, CreateOrDeletePublishRecordForApiV2, read 2026-11-24`,
  groups: `${API}, ListApiGroupsV2 and ShowDetailsOfApiGroupV2, read in 2026-11`,
  changeGroup: `${API}, CreateApiGroupV2 and DeleteApiGroupV2, read 2026-11-24`,
  apis: `${API}, ListApisV2 and ShowDetailsOfApiV2, read in 2026-11`,
  deleteApi: `${API}, DeleteApiV2, read 2026-11-24`,
  versions: `${API}, ListApiVersionsV2, read 2026-11-24`,
  environments: `${API}, ListEnvironmentsV2, read in 2026-11`,
  changeEnvironment: `${API}, CreateEnvironmentV2 and DeleteEnvironmentV2, read 2026-11-24`,
  instances: `${API}, ListInstancesV2 and ShowDetailsOfInstanceV2, read 2026-11-24`,
  codes: `${API}, error codes, read in 2026-11`,
  importing: 'user guide of APIG, importing APIs, read in 2026-11',
  extensions: 'user guide of APIG, extended definitions, read in 2026-11',
  signing: 'signing guide of APIG and apig-faq-0003, read in 2026-11',
  recording: 'the recording',
  lists: "Open Telekom Cloud's API reference, lists of APIs and groups, read 2026-11-24",
} as const satisfies Readonly<Record<string, string>>;

/** Reports of runs against the real service, the newest last: when, and who sent it. */
export const CHECKED: readonly { readonly on: string; readonly by: string }[] = [];

export type SourceName = keyof typeof SOURCES;
