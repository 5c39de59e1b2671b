#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL: its data lies in a temporary folder, it listens on a socket there and
# on no network, and it is gone afterwards, also when the command fails. The command finds its address in
# LEARNING_GAIN_TEST_POSTGRES. Without PostgreSQL's server programs the command is not run, and one line says so.
# With --or-without before the command it is run all the same, without the address.
# With --commands instead of a command it prints the address, and then obeys its input, a word on each line, and answers
# "done" or "cannot": "crash" and "start"; "full" lets no file grow beyond 16 MiB, "space" lets them grow again.
set -euo pipefail

find_programs() {
  local found
  found=$(command -v postgres || true)
  if [ -n "$found" ] && [ -x "$(dirname "$found")/initdb" ]; then dirname "$found"; return; fi
  # Most of these places are on no machine, which find takes for a failure.
  { find /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin \
    -maxdepth 1 -name initdb 2>/dev/null || true; } | sort -V | tail -1 | xargs -r dirname
}

# Only root's machine is changed, and only a Debian. The package would start a cluster of its own: it is told not to.
install_programs() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "· PostgreSQL: installing Debian's package" >&2
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1
}

without=false
if [ "${1:-}" = --or-without ]; then without=true; shift; fi
programs=$(find_programs)
if [ -z "$programs" ] && install_programs; then programs=$(find_programs); fi
if [ -z "$programs" ]; then
  echo "· PostgreSQL: skipped, its server programs are not installed (Debian and Ubuntu: apt-get install postgresql)"
  if [ $without = true ]; then "$@"; fi
  exit 0
fi

# A socket's path may have 107 letters; TMPDIR on some machines takes half of them.
folder=$(mktemp -d /tmp/learning-gain-postgres.XXXXXX)
as_owner=()
if [ "$(id -u)" = 0 ]; then
  # PostgreSQL refuses to run as root.
  as_owner=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  chown postgres:postgres "$folder"
fi
in_folder() { (cd "$folder" && "${as_owner[@]}" "$@"); }
stop() {
  if [ -f "$folder/data/postmaster.pid" ]; then
    in_folder "$programs/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop || true
  fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

in_folder "$programs/initdb" --pgdata "$folder/data" --username learning_gain --auth trust --encoding UTF8 \
  --locale C.UTF-8 >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
# Durable, as a board's own server is: fsync stays on. The rest is room for many small databases at once.
cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 300
shared_buffers = 128MB
max_wal_size = 4GB
SETTINGS
start() {
  in_folder "$programs/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --wait --silent start >/dev/null ||
    { cat "$folder/server.log" >&2; exit 1; }
}
start

# PostgreSQL takes a file that may not grow for a disk that is full. 16 MiB is what its log is written in, in pieces that
# are there already: so tables cannot grow and the server lives on, as on a machine with a disk of its own for the log.
files_at_most() {
  local server process
  server=$(head -1 "$folder/data/postmaster.pid")
  for process in "$server" $(grep -l "^PPid:[[:space:]]*$server$" /proc/[0-9]*/status 2>/dev/null | cut -d/ -f3); do
    in_folder prlimit --pid "$process" --fsize="$1:" >/dev/null 2>&1 || return 1
  done
}

export LEARNING_GAIN_TEST_POSTGRES="postgres://learning_gain@localhost/postgres?host=$folder"
if [ "${1:-}" != --commands ]; then "$@"; exit; fi
echo "$LEARNING_GAIN_TEST_POSTGRES"
while read -r word; do
  answer=done
  case $word in
    crash) in_folder "$programs/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop >/dev/null ;;
    start) start ;;
    full) files_at_most $((16 * 1024 * 1024)) || answer=cannot ;;
    space) files_at_most unlimited || answer=cannot ;;
  esac
  echo $answer
done
