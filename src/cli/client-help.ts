/** The texts of `apig-mock import --help`, `export --help` and `conform --help`. */

const COMMON = `Target and credentials
  --endpoint <url>         default http://127.0.0.1:8080
  --project <id>           default p1
  --instance <id>          default i1
  --token <text>           X-Auth-Token; default dev-token
  --access-key <AK:SK>     sign with an access key instead
  --timeout <seconds>      how long the task may take; default 300

Progress goes to stderr, the result to stdout. Exit codes: 0 success, 1 failure, 2 usage error.
`;

/** The help of `import`. */
export const importHelp =
  (): string => `apig-mock import FILE: imports an OpenAPI file (Swagger 2.0 or OpenAPI 3.0, JSON or YAML)

  --group-id <id>          import into this group; without it a new one is made, named by info.title
  --api-mode <mode>        an API that exists already: merge = it stays (default), override = replaced
  --extend-mode <mode>     the same for policies and gateway responses
  --mock-mode              give every API a Mock back end
  --simple-mode            quick import: no policies, no extensions of the document

${COMMON}`;

/** The help of `export`. */
export const exportHelp =
  (): string => `apig-mock export GROUP: exports a group, by its id or its name, as an OpenAPI file

  --define <what>          spec (default), proxy, all or dev: how much of each API is in the file
  --type <type>            json (default), yaml or yml
  --oas-version <version>  2.0 (default) or 3.0
  --env-id <id>            of the environment; default RELEASE
  --file-version <text>    info.version of the file; default the present time
  --apis <ids>             these APIs only, separated by commas
  --out <file>             write to this file, or into this folder; default stdout

${COMMON}`;

/** The help of `conform`. */
export const conformHelp =
  (): string => `apig-mock conform: holds an endpoint against what APIG promises, and reports every difference

  --endpoint <url>         default APIG_MOCK_URL, else http://127.0.0.1:8080; --url is the same
  --project <id>           default HUAWEICLOUD_SDK_PROJECT_ID, else p1
  --instance <id>          default i1
  --access-key <AK:SK>     default HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK (HUAWEICLOUD_SDK_SECURITY_TOKEN)
  --token <text>           X-Auth-Token instead; default HW_AUTH_TOKEN, else dev-token
  --yes                    do not ask before something is created
  --read-only              polls, lists and rejections alone: nothing is created
  --max-requests-per-second <n>  default 5
  --timeout <seconds>      how long a task may take; default 300
  --json <file>            write the report as JSON; - = stdout, in place of the table
  --junit <file>           write it as JUnit
  --save <folder>          save what was seen as a recording
  --against <folder>       hold against a recording; without --endpoint this version of the mock, offline

It creates one API group whose name begins with apig_mock_conform_, and removes it, after Ctrl-C and failures too.
No secret, token or project id is in any output. Exit codes: 0 as promised, 1 differs, 2 could not run.
`;
