/**
 * The operations of the service, by path: what the mock does not emulate is another thing than what does not exist. Loaded
 * when a request finds no route. Sources: Open Telekom Cloud's API reference (`dedicated_gateway_apis_v2`) and Huawei
 * Cloud's SDK for Go (`services/apig/v2/apig_meta.go`), read 2026-11-24.
 */

/** Paths below `/v2/{project_id}/apigw/`. */
const TABLE = `
available-zones: GET ListAvailableZonesV2
certificates: GET ListCertificatesV2, POST CreateCertificateV2
certificates/{certificate_id}: DELETE DeleteCertificateV2, GET ShowDetailsOfCertificateV2, PUT UpdateCertificateV2
certificates/{certificate_id}/attached-domains: GET ListAttachedDomainsV2
certificates/{certificate_id}/domains/attach: POST BatchAssociateDomainsV2
certificates/{certificate_id}/domains/detach: POST BatchDisassociateDomainsV2
instance-tags: GET ListProjectInstanceTags
instance/configs: GET ListInstanceConfigsV2
instances: GET ListInstancesV2, POST CreateInstanceV2
instances/{instance_id}: DELETE DeleteInstancesV2, GET ShowDetailsOfInstanceV2, PUT UpdateInstanceV2
prepay-instances: POST CreateOrder
resource-instances/count: POST ShowInstancesNumByTags
resource-instances/filter: POST ListInstancesByTags
instances/{instance_id}/acl-bindings: POST CreateApiAclBindingV2, PUT BatchDeleteApiAclBindingV2
instances/{instance_id}/acl-bindings/binded-acls: GET ListAclPolicyBindedToApiV2
instances/{instance_id}/acl-bindings/binded-apis: GET ListApisBindedToAclPolicyV2
instances/{instance_id}/acl-bindings/unbinded-apis: GET ListApisUnbindedToAclPolicyV2
instances/{instance_id}/acl-bindings/{acl_bindings_id}: DELETE DeleteApiAclBindingV2
instances/{instance_id}/acls: GET ListAclStrategiesV2, POST CreateAclStrategyV2, PUT BatchDeleteAclV2
instances/{instance_id}/acls/{acl_id}: DELETE DeleteAclV2, GET ShowDetailsOfAclPolicyV2, PUT UpdateAclStrategyV2
instances/{instance_id}/api-groups: GET ListApiGroupsV2, POST CreateApiGroupV2
instances/{instance_id}/api-groups/check: POST CheckApiGroupsV2
instances/{instance_id}/api-groups/{group_id}: DELETE DeleteApiGroupV2, GET ShowDetailsOfApiGroupV2, PUT UpdateApiGroupV2
instances/{instance_id}/api-groups/{group_id}/domains: POST AssociateDomainV2
instances/{instance_id}/api-groups/{group_id}/domains/{domain_id}: DELETE DisassociateDomainV2, PUT UpdateDomainV2
instances/{instance_id}/api-groups/{group_id}/domains/{domain_id}/certificate: POST AssociateCertificateV2
instances/{instance_id}/api-groups/{group_id}/domains/{domain_id}/certificate/{certificate_id}: DELETE DisassociateCertificateV2, GET ShowDetailsOfDomainNameCertificateV2
instances/{instance_id}/api-groups/{group_id}/domains/{domain_id}/certificates/attach: POST BatchAssociateCertsV2
instances/{instance_id}/api-groups/{group_id}/domains/{domain_id}/certificates/detach: POST BatchDisassociateCertsV2
instances/{instance_id}/api-groups/{group_id}/gateway-responses: GET ListGatewayResponsesV2, POST CreateGatewayResponseV2
instances/{instance_id}/api-groups/{group_id}/gateway-responses/{response_id}: DELETE DeleteGatewayResponseV2, GET ShowDetailsOfGatewayResponseV2, PUT UpdateGatewayResponseV2
instances/{instance_id}/api-groups/{group_id}/gateway-responses/{response_id}/{response_type}: DELETE DeleteGatewayResponseTypeV2, GET ShowDetailsOfGatewayResponseTypeV2, PUT UpdateGatewayResponseTypeV2
instances/{instance_id}/api-groups/{group_id}/sl-domain-access-settings: PUT UpdateSlDomainSettingV2
instances/{instance_id}/apis: GET ListApisV2, POST CreateApiV2
instances/{instance_id}/apis/action: POST CreateOrDeletePublishRecordForApiV2
instances/{instance_id}/apis/check: POST CheckApisV2
instances/{instance_id}/apis/debug/{api_id}: POST DebugApiV2
instances/{instance_id}/apis/publish: POST BatchPublishOrOfflineApiV2
instances/{instance_id}/apis/publish/{api_id}: GET ListApiVersionsV2, PUT ChangeApiVersionV2
instances/{instance_id}/apis/runtime/{api_id}: GET ListApiRuntimeDefinitionV2
instances/{instance_id}/apis/versions/{version_id}: DELETE DeleteApiByVersionIdV2, GET ListApiVersionDetailV2
instances/{instance_id}/apis/{api_id}: DELETE DeleteApiV2, GET ShowDetailsOfApiV2, PUT UpdateApiV2
instances/{instance_id}/apis/{api_id}/attachable-plugins: GET ListApiAttachablePlugins
instances/{instance_id}/apis/{api_id}/attached-plugins: GET ListApiAttachedPlugins
instances/{instance_id}/apis/{api_id}/plugins/attach: POST AttachPluginToApi
instances/{instance_id}/apis/{api_id}/plugins/detach: PUT DetachPluginFromApi
instances/{instance_id}/app-auths: POST CreateAuthorizingAppsV2
instances/{instance_id}/app-auths/binded-apis: GET ListApisBindedToAppV2
instances/{instance_id}/app-auths/binded-apps: GET ListAppsBindedToApiV2
instances/{instance_id}/app-auths/unbinded-apis: GET ListApisUnbindedToAppV2
instances/{instance_id}/app-auths/{app_auth_id}: DELETE CancelingAuthorizationV2
instances/{instance_id}/app-quotas: GET ListAppQuotas, POST CreateAppQuota
instances/{instance_id}/app-quotas/{app_quota_id}: DELETE DeleteAppQuota, GET ShowAppQuota, PUT UpdateAppQuota
instances/{instance_id}/app-quotas/{app_quota_id}/bindable-apps: GET ListAppQuotaBindableApps
instances/{instance_id}/app-quotas/{app_quota_id}/binding-apps: POST AssociateAppsForAppQuota
instances/{instance_id}/app-quotas/{app_quota_id}/bound-apps: GET ListAppQuotaBoundApps
instances/{instance_id}/app-quotas/{app_quota_id}/bound-apps/{app_id}: DELETE DisassociateAppQuotaWithApp
instances/{instance_id}/apps: GET ListAppsV2, POST CreateAnAppV2
instances/{instance_id}/apps/secret/{app_id}: PUT ResettingAppSecretV2
instances/{instance_id}/apps/validation/{app_id}: GET CheckAppV2
instances/{instance_id}/apps/{app_id}: DELETE DeleteAppV2, GET ShowDetailsOfAppV2, PUT UpdateAppV2
instances/{instance_id}/apps/{app_id}/ai-api-keys: GET ListAiApiKeys, POST CreateAiApiKey
instances/{instance_id}/apps/{app_id}/ai-api-keys/{ai_api_key_id}: DELETE DeleteAiApiKey, GET ShowDetailsOfAiApiKey
instances/{instance_id}/apps/{app_id}/app-acl: DELETE DeleteAppAcl, GET ShowDetailsOfAppAcl, PUT UpdateAppAcl
instances/{instance_id}/apps/{app_id}/app-codes: GET ListAppCodesV2, POST CreateAppCodeV2, PUT CreateAppCodeAutoV2
instances/{instance_id}/apps/{app_id}/app-codes/{app_code_id}: DELETE DeleteAppCodeV2, GET ShowDetailsOfAppCodeV2
instances/{instance_id}/apps/{app_id}/bound-quota: GET ShowAppBoundAppQuota
instances/{instance_id}/async-tasks/{task_id}: GET ShowAsyncTaskResult
instances/{instance_id}/authorizers: GET ListCustomAuthorizersV2, POST CreateCustomAuthorizerV2
instances/{instance_id}/authorizers/{authorizer_id}: DELETE DeleteCustomAuthorizerV2, GET ShowDetailsOfCustomAuthorizersV2, PUT UpdateCustomAuthorizerV2
instances/{instance_id}/custom-ingress-ports: GET ListCustomIngressPorts, POST AddCustomIngressPort
instances/{instance_id}/custom-ingress-ports/{ingress_port_id}: DELETE DeleteCustomIngressPort
instances/{instance_id}/custom-ingress-ports/{ingress_port_id}/domains: GET ListCustomIngressPortDomains
instances/{instance_id}/eip: DELETE RemoveEipV2, PUT AddEipV2
instances/{instance_id}/env-variables: GET ListEnvironmentVariablesV2, POST CreateEnvironmentVariableV2
instances/{instance_id}/env-variables/{env_variable_id}: DELETE DeleteEnvironmentVariableV2, GET ShowDetailsOfEnvironmentVariableV2, PUT UpdateEnvironmentVariableV2
instances/{instance_id}/envs: GET ListEnvironmentsV2, POST CreateEnvironmentV2
instances/{instance_id}/envs/{env_id}: DELETE DeleteEnvironmentV2, PUT UpdateEnvironmentV2
instances/{instance_id}/features: GET ListFeaturesV2, POST CreateFeatureV2
instances/{instance_id}/ingress-eip: DELETE RemoveIngressEipV2, POST AddIngressEipV2, PUT UpdateIngressEipV2
instances/{instance_id}/instance-features: GET ListInstanceFeatures
instances/{instance_id}/instance-tags: GET ListInstanceTags
instances/{instance_id}/instance-tags/action: POST BatchCreateOrDeleteInstanceTags
instances/{instance_id}/metric-data: GET ListMetricData
instances/{instance_id}/microservice/import: POST ImportMicroservice
instances/{instance_id}/nat-eip: DELETE RemoveEngressEipV2, POST AddEngressEipV2, PUT UpdateEngressEipV2
instances/{instance_id}/openapi/async-export: POST ExportApiDefinitionsAsync
instances/{instance_id}/openapi/async-import: POST ImportApiDefinitionsAsync
instances/{instance_id}/openapi/export: POST ExportApiDefinitionsV2
instances/{instance_id}/openapi/import: POST ImportApiDefinitionsV2
instances/{instance_id}/orchestrations: GET ListOrchestrations, POST CreateOrchestration
instances/{instance_id}/orchestrations/{orchestration_id}: DELETE DeleteOrchestration, GET ShowDetailsOfOrchestration, PUT UpdateOrchestration
instances/{instance_id}/orchestrations/{orchestration_id}/attached-apis: GET ListOrchestrationAttachedApis
instances/{instance_id}/plugins: GET ListPlugins, POST CreatePlugin
instances/{instance_id}/plugins/{plugin_id}: DELETE DeletePlugin, GET ShowPlugin, PUT UpdatePlugin
instances/{instance_id}/plugins/{plugin_id}/attach: POST AttachApiToPlugin
instances/{instance_id}/plugins/{plugin_id}/attachable-apis: GET ListPluginAttachableApis
instances/{instance_id}/plugins/{plugin_id}/attached-apis: GET ListPluginAttachedApis
instances/{instance_id}/plugins/{plugin_id}/detach: PUT DetachApiFromPlugin
instances/{instance_id}/postpaid-resize: POST CreatePostPayResizeOrder
instances/{instance_id}/prepay-resize: POST CreatePrepayResize
instances/{instance_id}/progress: GET ShowDetailsOfInstanceProgressV2
instances/{instance_id}/project/configs: GET ListProjectCofigsV2
instances/{instance_id}/resources/outline/apis: GET ListApiQuantitiesV2
instances/{instance_id}/resources/outline/apps: GET ListAppQuantitiesV2
instances/{instance_id}/resources/outline/groups: GET ListApiGroupsQuantitiesV2
instances/{instance_id}/restriction: GET ShowRestrictionOfInstanceV2
instances/{instance_id}/sign-bindings: POST AssociateSignatureKeyV2
instances/{instance_id}/sign-bindings/binded-apis: GET ListApisBindedToSignatureKeyV2
instances/{instance_id}/sign-bindings/binded-signs: GET ListSignatureKeysBindedToApiV2
instances/{instance_id}/sign-bindings/unbinded-apis: GET ListApisNotBoundWithSignatureKeyV2
instances/{instance_id}/sign-bindings/{sign_bindings_id}: DELETE DisassociateSignatureKeyV2
instances/{instance_id}/signs: GET ListSignatureKeysV2, POST CreateSignatureKeyV2
instances/{instance_id}/signs/{sign_id}: DELETE DeleteSignatureKeyV2, PUT UpdateSignatureKeyV2
instances/{instance_id}/statistics/api/latest: GET ListLatelyApiStatisticsV2
instances/{instance_id}/statistics/group/latest: GET ListLatelyGroupStatisticsV2
instances/{instance_id}/tags: GET ListTagsV2
instances/{instance_id}/throttle-bindings: POST AssociateRequestThrottlingPolicyV2, PUT BatchDisassociateThrottlingPolicyV2
instances/{instance_id}/throttle-bindings/binded-apis: GET ListApisBindedToRequestThrottlingPolicyV2
instances/{instance_id}/throttle-bindings/binded-throttles: GET ListRequestThrottlingPoliciesBindedToApiV2
instances/{instance_id}/throttle-bindings/unbinded-apis: GET ListApisUnbindedToRequestThrottlingPolicyV2
instances/{instance_id}/throttle-bindings/{throttle_binding_id}: DELETE DisassociateRequestThrottlingPolicyV2
instances/{instance_id}/throttles: GET ListRequestThrottlingPolicyV2, POST CreateRequestThrottlingPolicyV2
instances/{instance_id}/throttles/{throttle_id}: DELETE DeleteRequestThrottlingPolicyV2, GET ShowDetailsOfRequestThrottlingPolicyV2, PUT UpdateRequestThrottlingPolicyV2
instances/{instance_id}/throttles/{throttle_id}/throttle-specials: GET ListSpecialThrottlingConfigurationsV2, POST CreateSpecialThrottlingConfigurationV2
instances/{instance_id}/throttles/{throttle_id}/throttle-specials/{strategy_id}: DELETE DeleteSpecialThrottlingConfigurationV2, PUT UpdateSpecialThrottlingConfigurationV2
instances/{instance_id}/vpc-channels: GET ListVpcChannelsV2, POST CreateVpcChannelV2
instances/{instance_id}/vpc-channels/{vpc_channel_id}: DELETE DeleteVpcChannelV2, GET ShowDetailsOfVpcChannelV2, PUT UpdateVpcChannelV2
instances/{instance_id}/vpc-channels/{vpc_channel_id}/health-config: PUT UpdateHealthCheck
instances/{instance_id}/vpc-channels/{vpc_channel_id}/member-groups: GET ListMemberGroups, POST CreateMemberGroup
instances/{instance_id}/vpc-channels/{vpc_channel_id}/member-groups/{member_group_id}: DELETE DeleteMemberGroup, GET ShowDetailsOfMemberGroup, PUT UpdateMemberGroup
instances/{instance_id}/vpc-channels/{vpc_channel_id}/members: GET ListBackendInstancesV2, POST AddingBackendInstancesV2, PUT UpdateBackendInstancesV2
instances/{instance_id}/vpc-channels/{vpc_channel_id}/members/batch-disable: POST BatchDisableMembers
instances/{instance_id}/vpc-channels/{vpc_channel_id}/members/batch-enable: POST BatchEnableMembers
instances/{instance_id}/vpc-channels/{vpc_channel_id}/members/{member_id}: DELETE DeleteBackendInstanceV2
instances/{instance_id}/vpc-endpoint/connections: GET ListEndpointConnections
instances/{instance_id}/vpc-endpoint/connections/action: POST AcceptOrRejectEndpointConnections
instances/{instance_id}/vpc-endpoint/permissions: GET ListEndpointPermissions
instances/{instance_id}/vpc-endpoint/permissions/batch-add: POST AddEndpointPermissions
instances/{instance_id}/vpc-endpoint/permissions/batch-delete: POST DeleteEndpointPermissions
`;

/** An operation of the service. */
export interface ServiceOperation {
  readonly id: string;
  readonly method: string;
  /** As the reference writes it: `/v2/{project_id}/apigw/…`. */
  readonly path: string;
}

export const SERVICE_OPERATIONS: readonly ServiceOperation[] = TABLE.trim()
  .split('\n')
  .flatMap((line) => {
    const [path = '', operations = ''] = line.split(': ');
    return operations.split(', ').map((operation) => {
      const [method = '', id = ''] = operation.split(' ');
      return { id, method, path: `/v2/{project_id}/apigw/${path}` };
    });
  });

const PATTERNS = SERVICE_OPERATIONS.map((operation) => ({
  ...operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The operation of the service that a request is for. Fixed steps of a path win over parameters. */
export function serviceOperation(method: string, path: string): string | undefined {
  const found = PATTERNS.filter((one) => one.method === method && one.pattern.test(path));
  const parameters = ({ path: of }: ServiceOperation): number => of.split('{').length;
  return found.sort((a, b) => parameters(a) - parameters(b))[0]?.id;
}
