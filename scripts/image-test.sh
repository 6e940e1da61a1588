#!/usr/bin/env bash
# Tries the image where there is no Docker engine: builds the Dockerfile with buildah on a base image made here
# from Debian packages and this machine's Node, then runs the image's own command, as process 1 of its own
# namespace on a read-only file system, and looks at it from outside.
#
# Needs root on Linux, and Debian's `buildah` and `debootstrap`. One line per check; exit code 1 if one fails.
# IMAGE_TEST_BASE=dir keeps the base file system there between runs (the slow part).
set -euo pipefail
cd "$(dirname "$0")/.."

BASE_NAME=docker.io/library/$(awk '$1 == "FROM" { print $2; exit }' Dockerfile)
readonly BASE_NAME
readonly EXAMPLE=d9ce8c9eede54b3f841ec324fe0bfdc2
readonly STOP_LIMIT_MS=500

work=$(mktemp -d)
base=${IMAGE_TEST_BASE:-$work/base}
image_root=
serving=
failures=0

store() { buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"; }

clean_up() {
  if [ -n "$serving" ]; then kill -KILL "$serving" 2> /dev/null || true; fi
  if [ -n "$image_root" ]; then store umount --all > /dev/null || true; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Reports the result of one check: check "what" command...
check() {
  local what=$1
  shift
  if "$@"; then
    echo "ok    $what"
  else
    echo "FAIL  $what"
    failures=$((failures + 1))
  fi
}

# A minimal Debian with this machine's Node and npm, under the name that the Dockerfile starts from.
make_base() {
  if [ ! -d "$base" ]; then
    local new=$work/new-base
    debootstrap --variant=minbase bookworm "$new" > "$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
    cp "$(readlink -f "$(command -v node)")" "$new/usr/local/bin/node"
    mkdir -p "$new/usr/local/lib/node_modules"
    cp -r "$(npm root -g 2> /dev/null)/npm" "$new/usr/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$new/usr/local/bin/npm"
    mv "$new" "$base"
  fi
  local container
  container=$(store from scratch)
  store add "$container" "$base" / > /dev/null
  store config --env PATH=/usr/local/bin:/usr/bin:/bin "$container"
  store commit --quiet "$container" "$BASE_NAME" > /dev/null
  store rm "$container" > /dev/null
}

# npm in the build stage talks to the registry as npm on this machine does; nothing of it gets into the image.
build_image() {
  local certificates mounts=(-v "$work/npmrc:/root/.npmrc:ro")
  certificates=$(npm config get cafile 2> /dev/null)
  { cat "$HOME/.npmrc" 2> /dev/null || true; } > "$work/npmrc"
  if [ -f "$certificates" ]; then
    printf '\ncafile=%s\n' "$certificates" >> "$work/npmrc"
    mounts+=(-v "$certificates:$certificates:ro")
  fi
  store build --isolation chroot --format docker --pull=never --network host "${mounts[@]}" -t apig-mock . \
    > "$work/build.log" 2>&1 || { tail -n 30 "$work/build.log"; return 1; }
}

# One field of the image's configuration, by its JavaScript path.
field() {
  store inspect --type image apig-mock | node -e '
    const image = JSON.parse(require("node:fs").readFileSync(0, "utf8")).Docker.config;
    const value = process.argv[1].split(".").reduce((at, name) => at?.[name], image);
    console.log(typeof value === "string" ? value : JSON.stringify(value) ?? "");
  ' "$1"
}

field_is() { [ "$(field "$1")" = "$2" ] || { echo "      $1 is $(field "$1")"; return 1; }; }

only_what_it_needs() { [ "$(ls -A "$image_root/app" | sort | xargs)" = "LICENSE dist fixtures package.json" ]; }

no_configuration_left() {
  [ ! -s "$image_root/root/.npmrc" ] && [ ! -e "$image_root/app/.npmrc" ] && [ ! -e "$image_root/build" ]
}

# Runs a command of the image as the given user, with the image's environment, as process 1, read-only.
inside() {
  local user=$1
  shift
  local variables
  mapfile -t variables < <(field Env | node -e 'JSON.parse(require("node:fs").readFileSync(0)).map((line) => console.log(line))')
  exec unshare --mount --pid --fork --kill-child=KILL bash -c '
    mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"
  ' inside "$image_root" \
    env -i "${variables[@]}" APIG_MOCK_PORT="$port" "$(command -v chroot)" --userspec="$user" "$image_root" "$@"
}

free_port() { node -p 'const s = require("node:net").createServer().listen(0); const { port } = s.address(); s.close(); port'; }

health() { (inside "$1" node /app/dist/cli.js health > /dev/null 2>&1); }

# Starts the image's entry point and waits until its health command succeeds; sets serving and server.
serve() {
  port=$(free_port)
  inside "$1" node /app/dist/cli.js > "$work/log" 2>&1 &
  serving=$!
  local _
  for _ in $(seq 50); do
    if ! kill -0 "$serving" 2> /dev/null; then break; fi
    if health "$1"; then
      server=$(cat "/proc/$serving/task/$serving/children")
      server=${server% }
      return 0
    fi
    sleep 0.1
  done
  cat "$work/log"
  return 1
}

runs_as() {
  local ids
  ids=$(awk '/^(Uid|Gid):/ { print $2 }' "/proc/$server/status" | xargs)
  [ "$ids" = "$1" ] || { echo "      uid and gid are $ids"; return 1; }
}

responds() {
  curl -sf --max-time 5 -H 'X-Auth-Token: dev-token' \
    "http://127.0.0.1:$port/v2/p1/apigw/instances/i1/async-tasks/$EXAMPLE" | grep -q "\"task_id\":\"$EXAMPLE\""
}

# SIGTERM to process 1 while 50 connections are open and idle: how long until it is gone, and how it ended.
stops() {
  local status=0 took
  node -e '
    const sockets = Array.from({ length: 50 }, () => require("node:net").connect(process.argv[1], "127.0.0.1"));
    sockets.map((socket) => socket.write("GET /__admin/health HTTP/1.1\r\nhost: localhost\r\n\r\n"));
    sockets.map((socket) => socket.on("error", () => {}).on("data", () => {}));
    setTimeout(() => process.exit(), 10_000);
    Promise.all(sockets.map((socket) => new Promise((done) => socket.once("data", done)))).then(() => console.log("open"));
  ' "$port" > "$work/open" &
  local clients=$!
  until grep -q open "$work/open"; do
    kill -0 "$clients" 2> /dev/null || return 1
    sleep 0.05
  done
  took=$(date +%s%N)
  kill -TERM "$server"
  wait "$serving" || status=$?
  took=$((($(date +%s%N) - took) / 1000000))
  serving=
  kill "$clients" 2> /dev/null || true
  wait "$clients" 2> /dev/null || true
  echo "      exit code $status after $took ms"
  [ "$status" = 0 ] && [ "$took" -lt "$STOP_LIMIT_MS" ]
}

unhealthy() { ! health "$1"; }

for tool in buildah debootstrap unshare curl; do
  command -v "$tool" > /dev/null || { echo "image-test needs $tool"; exit 2; }
done
make_base
check "the Dockerfile builds" build_image
[ "$failures" = 0 ] || exit 1
image_root=$(store mount "$(store from --pull=never apig-mock)")

check "it runs as a user without rights" field_is User 1000
check "its entry point needs no shell" field_is Entrypoint '["node","/app/dist/cli.js"]'
check "its health check is its own command" field_is Healthcheck.Test '["CMD","node","/app/dist/cli.js","health"]'
check "it names its stop signal" field_is StopSignal SIGTERM
check "it names the port it serves" field_is ExposedPorts '{"8080/tcp":{}}'
check "it carries its licence in a label" field_is 'Labels' "$(field Labels | grep '"org.opencontainers.image.licenses":"MIT"')"
check "it names its sources in a label" field_is 'Labels' "$(field Labels | grep '"org.opencontainers.image.source":"https://github.com/')"
check "/app holds dist, fixtures, package.json and LICENSE only" only_what_it_needs
check "nothing of the build machine is left in it" no_configuration_left
echo "      /app takes $(du -sk "$image_root/app" | cut -f1) KiB"

for user in 1000:1000 12345:0; do
  echo "as $user, read-only, as process 1:"
  check "it becomes healthy" serve "$user"
  [ -n "${server:-}" ] || exit 1
  check "it has the user's rights" runs_as "${user/:/ }"
  check "it returns a documented example" responds
  check "it stops at SIGTERM with 50 connections open, in under $STOP_LIMIT_MS ms" stops
  check "its health command fails once it is gone" unhealthy "$user"
  server=
done

[ "$failures" = 0 ]
