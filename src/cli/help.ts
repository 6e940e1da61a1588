/** The text of `apig-mock --help`. */
import { describeSettings } from './config.ts';

export const helpText =
  (): string => `apig-mock: a local stand-in for the asynchronous import and export tasks of Huawei Cloud API Gateway

Usage
  apig-mock [options]      serve until stopped (SIGINT or SIGTERM)
  apig-mock health         check that a running mock is healthy (apig-mock health --help)
  apig-mock watch          show the tasks of a running mock as they move (apig-mock watch --help)
  apig-mock import FILE    import an OpenAPI file into a mock, or the service: see apig-mock import --help
  apig-mock conform        hold the service, or a mock, against what is promised: see apig-mock conform --help
  apig-mock export GROUP   export a group from there: see apig-mock export --help

Try it
  apig-mock &
  curl -H 'X-Auth-Token: dev-token' \\
    http://127.0.0.1:8080/v2/p1/apigw/instances/i1/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2

Options: a flag wins over its environment variable, that over the config file, that over the default.
  --config <file>          settings from a JSON or YAML file (APIG_MOCK_CONFIG); keys are the flags' names
  --print-config           print each setting, its value and where it came from, and exit
  -h, --help    -v, --version

${describeSettings()}
`;
