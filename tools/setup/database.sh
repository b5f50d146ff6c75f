# Databases: a template made once (cached as a dump), and clones of it. Sourced by ./dev.

TEMPLATE_MODULES=base,mail,web,resource,portal,account
TEMPLATE_FORMAT=1
DATA_DIR=$WORK/data
OWN_MARK='made by aftersales_contracts'

sql() { "$PG_BIN/psql" -XqAt -v ON_ERROR_STOP=1 -c "$2" "$1"; }

# database_mark NAME: the comment of the database, empty if there is none or no database.
database_mark() {
  sql postgres "select shobj_description(oid, 'pg_database') from pg_database where datname = '$1'"
}

# Unmarked databases on a server of the user's are somebody else's: never dropped.
drop_database() {
  local mark
  mark=$(database_mark "$1")
  if use_external_server && [ -n "$(sql postgres "select 1 from pg_database where datname = '$1'")" ]; then
    case $mark in "$OWN_MARK"*) ;; *) die "database $1 was not made by this checkout: drop or rename it yourself" ;; esac
  fi
  sql postgres "drop database if exists \"$1\" with (force)" && rm -rf "$DATA_DIR/filestore/$1"
}

mark_database() { sql postgres "comment on database \"$1\" is '$OWN_MARK: $2'"; }

clone_strategy() { use_external_server || printf 'strategy file_copy'; }

# clone_database NAME [SOURCE]: with the file store as hard links (its files are named by content, never rewritten).
clone_database() {
  local origin=${2:-$TEMPLATE}
  drop_database "$1" 2>/dev/null || return 1
  sql postgres "create database \"$1\" template \"$origin\" $(clone_strategy)" || return 1
  mark_database "$1" clone
  mkdir -p "$DATA_DIR/filestore"
  if [ -d "$DATA_DIR/filestore/$origin" ]; then
    cp -al "$DATA_DIR/filestore/$origin" "$DATA_DIR/filestore/$1" || cp -a "$DATA_DIR/filestore/$origin" "$DATA_DIR/filestore/$1"
  fi
}

write_configuration() {
  local folders=$ROOT
  [ -z "$ODOO_ADDONS" ] || folders=$folders,$ODOO_ADDONS
  configuration "$folders" >"$WORK/odoo.conf.tmp" && mv "$WORK/odoo.conf.tmp" "$WORK/odoo.conf"
  configuration "$ODOO_ADDONS" >"$WORK/template.conf.tmp" && mv "$WORK/template.conf.tmp" "$WORK/template.conf"
}

# The connection comes from the PG* variables, so that no password is written to a file.
configuration() {
  printf '[options]\n'
  [ -z "$1" ] || printf 'addons_path = %s\n' "$1"
  cat <<CONF
data_dir = $DATA_DIR
http_interface = 127.0.0.1
list_db = False
max_cron_threads = 0
CONF
}

# The environment in which programs find Odoo, the database server and the font of Chinese statements.
export_environment() {
  export ODOO_RC=$WORK/odoo.conf PYTHONPATH=$ODOO_PATH AFTERSALES_FONT_DIR=$FONT_DIR
  export PATH=$PG_BIN:$VENV/bin:$PATH
  [ -n "${ODOO_HTTP_PORT:-}" ] || ODOO_HTTP_PORT=$(free_port)
  export ODOO_HTTP_PORT
}

# run_odoo ARGS...: Odoo's command line, on a port of its own. PYTHON_FLAGS goes to Python.
run_odoo() {
  # shellcheck disable=SC2086
  (export_environment && exec "$VENV/bin/python" ${PYTHON_FLAGS:-} -m odoo "$@")
}

# run_script DATABASE FILE: a Python file inside Odoo, with `env`; it commits what it wants kept.
run_script() { run_odoo shell -d "$1" --log-level=warn <"$2"; }

create_template() {
  run_odoo -c "$WORK/template.conf" -d "$1" -i "$TEMPLATE_MODULES" "$2" --stop-after-init
}

# Sets TEMPLATE (with demo data). The name carries what it was made of: other contents, other name.
template_name() { printf '%stemplate_%s_%s' "$DB_PREFIX" "$1" "$(printf '%s' "$TEMPLATE_MODULES $ODOO_VERSION $TEMPLATE_FORMAT" | short_hash)"; }

ensure_template() {
  TEMPLATE=$(template_name demo)
  make_template "$TEMPLATE" --with-demo
}

ensure_empty_template() {
  EMPTY_TEMPLATE=$(template_name empty)
  make_template "$EMPTY_TEMPLATE" --without-demo
}

make_template() {
  case $(database_mark "$1") in "$OWN_MARK: ready") return ;; esac
  drop_database "$1" >/dev/null 2>&1 || true
  use_external_server || { restore_template "$1" && return; }
  step "creating the template database (about a minute, once)"
  logged template create_template "$1" "$2" || die "Odoo could not create its database: run again, or ./dev clean first (see $LOGS/template.log)"
  use_external_server || save_template "$1" || true
  finish_template "$1"
}

# Nobody may connect: a session on a template would block cloning it.
finish_template() {
  sql postgres "alter database \"$1\" with allow_connections false"
  mark_database "$1" ready
}

template_archive() { printf '%s/template/%s' "$CACHE" "${1#"$DB_PREFIX"}"; }

save_template() {
  local folder
  folder=$(template_archive "$1")
  rm -rf "$folder.$$" && mkdir -p "$folder.$$" || return 1
  "$PG_BIN/pg_dump" -Fc -Z 1 -f "$folder.$$/dump" "$1" &&
    tar -C "$DATA_DIR/filestore/$1" -cf "$folder.$$/filestore.tar" . &&
    rm -rf "$folder" && mv "$folder.$$" "$folder"
}

restore_template() {
  local folder
  folder=$(template_archive "$1")
  [ -f "$folder/dump" ] || return 1
  step "restoring the template database"
  logged restore restore_archive "$1" "$folder" || {
    rm -rf "$folder"
    drop_database "$1"
    return 1
  }
  finish_template "$1"
}

restore_archive() {
  sql postgres "create database \"$1\" template template0 lc_collate 'C' encoding 'UTF8'" || return 1
  "$PG_BIN/pg_restore" --no-owner --exit-on-error -j 2 -d "$1" "$2/dump" || return 1
  mkdir -p "$DATA_DIR/filestore/$1" && tar -C "$DATA_DIR/filestore/$1" -xf "$2/filestore.tar"
}
