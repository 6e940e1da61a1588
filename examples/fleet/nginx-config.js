/** The configuration of nginx for a fleet: every call of one instance goes to one process. */

/** What a caller gets while the process of its instance is down: the response must not come from another one. */
const DOWN = '{"error_code":"APIG.9999","error_msg":"System error"}';
const NO_CONTROL = '{"error_code":"APIG.0101","error_msg":"Control a process of the fleet at its own port"}';

/** `folder` holds what nginx writes; `port` is where it listens; `upstreams` are the ports of the processes. */
export function nginxConfig({ folder, port, upstreams, maxBodyMb = 13 }) {
  const servers = upstreams.map((upstream) => `    server 127.0.0.1:${upstream} max_fails=0;`).join('\n');
  const written = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;

events {
  worker_connections 4096;
}

http {
  access_log off;
  server_tokens off;
${written.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}

  # A task belongs to a project and an instance, both named in the path. Calls that name none (tokens, regions)
  # may go to any process.
  map $uri $place {
    "~^/v2/(?<project>[^/]+)/apigw/instances/(?<instance>[^/]+)" "$project/$instance";
    default $request_id;
  }

  upstream fleet {
    # Consistent: one process more or less moves only its share of the instances.
    hash $place consistent;
${servers}
    keepalive 128;
    keepalive_requests 1000000;
  }

  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    client_max_body_size ${maxBodyMb}m;
    # The path goes on as it came: signatures cover it.
    merge_slashes off;
    default_type application/json;

    location / {
      proxy_pass http://fleet;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      # Another process would report that it knows no such task.
      proxy_next_upstream off;
      proxy_intercept_errors off;
      add_header X-Fleet-Process $upstream_addr always;
    }

    # What is not about one instance (clock, faults, reset) would reach one process out of many.
    location /__admin {
      return 404 '${NO_CONTROL}';
    }

    error_page 502 504 = @down;
    location @down {
      return 500 '${DOWN}';
    }
  }
}
`;
}
