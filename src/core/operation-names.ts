/** The operations that the mock emulates, by the provider's names: what routes carry, and faults and filters name. */

export const OPERATION_NAMES = [
  'ShowAsyncTaskResult',
  'ImportApiDefinitionsAsync',
  'ExportApiDefinitionsAsync',
  'ImportApiDefinitionsV2',
  'ExportApiDefinitionsV2',
  'ListApiGroupsV2',
  'ListApisV2',
  'ListEnvironmentsV2',
  'BatchPublishOrOfflineApiV2',
  'CreateApiGroupV2',
  'ShowDetailsOfApiGroupV2',
  'UpdateApiGroupV2',
  'DeleteApiGroupV2',
  'UpdateSlDomainSettingV2',
  'ShowDetailsOfApiV2',
  'DeleteApiV2',
  'CreateOrDeletePublishRecordForApiV2',
  'ListApiVersionsV2',
  'CreateEnvironmentV2',
  'UpdateEnvironmentV2',
  'DeleteEnvironmentV2',
  'ListEnvironmentVariablesV2',
  'ListInstancesV2',
  'ShowDetailsOfInstanceV2',
  'ListFeaturesV2',
  'KeystoneCreateUserTokenByPassword',
  'KeystoneValidateToken',
  'KeystoneListProjects',
  'KeystoneListAuthProjects',
  'KeystoneListAuthDomains',
  'ShowCatalog',
  'KeystoneListRegions',
] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

const NAMES: ReadonlySet<string> = new Set(OPERATION_NAMES);

/** Whether the mock emulates an operation of that name. */
export const isOperation = (name: string | undefined): name is OperationName =>
  name !== undefined && NAMES.has(name);
