# ./dev test: lint, engine, addon and its installation, one count at the end. Sourced by ./dev.

RESULTS=$WORK/results
FAILED_CHECKS=()

# check NAME COMMAND...: a step without a test count; its failure counts as one.
check() {
  local name=$1
  shift
  step "$name"
  "$@" && return
  FAILED_CHECKS+=("$name")
  say "FAILED: $name"
  return 1
}

lint() {
  locked ensure_lint_tools
  local outcome=0 which=${1:-all}
  if [ "$which" != pylint ]; then
    (cd "$ROOT" && "$LINT/bin/ruff" check --quiet .) || outcome=1
    (cd "$ROOT" && "$LINT/bin/python" tools/check_imports.py) || outcome=1
  fi
  if [ "$which" != ruff ] && [ -f "$ROOT/$ADDON/__manifest__.py" ]; then
    # The engine and the reports must not import odoo.tools, so groupby is the library's; the page of
    # the addon is made from its readme folder; models are split over files by idea; most overrides
    # that return nothing override what returns nothing; `_` stands for self.env._ where many texts
    # follow one another (the exporter of translations knows no other short name).
    local silenced=bad-builtin-groupby,missing-readme,consider-merging-classes-inherited,missing-return,prefer-env-translation
    # shellcheck disable=SC2046
    (cd "$ROOT" && "$LINT/bin/pylint" --rcfile=.pylintrc --disable=$silenced "$ADDON" $(bridges | tr ',' ' ')) || outcome=1
  fi
  return $outcome
}

# run_engine ARGS...: pytest without Odoo on the path, which keeps the engine pure.
run_engine() {
  (
    cd "$ROOT" && unset PYTHONPATH ODOO_RC
    AFTERSALES_FONT_DIR=$FONT_DIR exec "$VENV/bin/python" -m pytest -p no:odoo "$@"
  )
}

# run_addon_tests DATABASE ARGS...: pytest inside Odoo; skips are shown, since a browser may be missing.
# The browser leaves files behind and needs a short path for its socket: a folder of its own in /tmp.
run_addon_tests() {
  local database=$1 outcome=0
  shift
  TEST_FILES=$(mktemp -d -t aftersales-XXXXXX)
  (
    export_environment
    export TMPDIR=$TEST_FILES
    cd "$ROOT" && exec "$VENV/bin/python" -m pytest -o pythonpath= --odoo-database="$database" --odoo-http -rs "$@"
  ) || outcome=$?
  rm -rf "$TEST_FILES"
  return $outcome
}

# counted NAME COMMAND...: a pytest run with its counts in RESULTS; "no tests collected" (5) is no failure.
counted() {
  local name=$1 code=0
  shift
  step "$name"
  "$@" --junitxml="$RESULTS/$name.xml" -q || code=$?
  case $code in
    0 | 5) return 0 ;;
    1) return 1 ;;
  esac
  FAILED_CHECKS+=("$name did not finish")
  return 1
}

# odoo_quiet NAME ARGS...: an Odoo command that must end well and without a warning in its log.
odoo_quiet() {
  local name=$1
  shift
  logged "$name" run_odoo "$@" || { tail -n 15 "$LOGS/$name.log" >&2; return 1; }
  "$VENV/bin/python" "$ROOT/tools/check_log.py" "$LOGS/$name.log" ${STRICT_LOG:+--strict}
}

install_for_tests() {
  locked clone_database "$1" "$TEMPLATE" || return 1
  PYTHON_FLAGS='-W default' odoo_quiet test-install -d "$1" -i "$2" --stop-after-init
}

is_installed() { [ -n "$(sql "$1" "select 1 from ir_module_module where name = '$ADDON' and state = 'installed'" 2>/dev/null)" ]; }

# life_cycle NAME SOURCE: install, update and uninstall without any warning and without a trace.
life_cycle() {
  local database=${TEST_PREFIX}$1 STRICT_LOG=yes
  locked clone_database "$database" "$2" &&
    odoo_quiet "life-$1-install" -d "$database" -i "$ADDON" --stop-after-init &&
    odoo_quiet "life-$1-update" -d "$database" -u "$ADDON" --stop-after-init &&
    odoo_quiet "life-$1-uninstall" module uninstall -d "$database" "$ADDON" &&
    left_nothing "$database"
}

left_nothing() {
  local traces
  traces=$(sql "$1" "select 'data ' || model || ' ' || name from ir_model_data where module like '$ADDON%'
    union all select 'table ' || tablename from pg_tables where tablename like 'aftersales%'
    union all select 'state ' || state from ir_module_module where name = '$ADDON' and state != 'uninstalled' limit 20")
  [ -z "$traces" ] && return
  say "left after uninstalling:" && say "$traces"
  return 1
}

# What the bridges bridge to, and what their tests know beside it.
APPLICATIONS=sale_management,sale_stock,purchase_stock,stock_dropshipping,mrp,repair

# bridges_install_themselves DATABASE NAMES: they come with the applications that they bridge to.
bridges_install_themselves() {
  local missing
  odoo_quiet bridges-install -d "$1" -i "$APPLICATIONS" --stop-after-init || return 1
  missing=$(sql "$1" "select name from unnest(string_to_array('$2', ',')) name where name not in (
    select name from ir_module_module where state = 'installed')")
  [ -z "$missing" ] && return
  say "did not install themselves:" && say "$missing"
  return 1
}

# bridges_life_cycle DATABASE NAMES: update and uninstall the bridges; the core addon stays, and nothing of theirs.
bridges_life_cycle() {
  local traces name
  odoo_quiet bridges-update -d "$1" -u "$2" --stop-after-init || return 1
  for name in ${2//,/ }; do odoo_quiet "bridges-uninstall-$name" module uninstall -d "$1" "$name" || return 1; done
  is_installed "$1" || { say "the core addon went with its bridges" && return 1; }
  traces=$(sql "$1" "select 'data ' || model || ' ' || name from ir_model_data where module like '${ADDON}\_%'
    union all select 'state ' || name from ir_module_module where name like '${ADDON}\_%' and state != 'uninstalled'
    limit 20")
  [ -z "$traces" ] && return
  say "left after uninstalling:" && say "$traces"
  return 1
}

test_addon() {
  local database=${TEST_PREFIX}core names
  require_addon
  ensure_browser
  check "installing the addon" install_for_tests "$database" "$ADDON"
  # A warning fails the check above; the tests are worth running all the same.
  if is_installed "$database"; then
    counted odoo run_addon_tests "$database" "$ROOT/$ADDON/tests"
    names=$(bridges)
    if [ -n "$names" ] && check "installing the bridges" bridges_install_themselves "$database" "$names"; then
      # shellcheck disable=SC2086
      counted bridges run_addon_tests "$database" $(bridge_tests)
      check "update, uninstall: bridges" bridges_life_cycle "$database" "$names"
    fi
  fi
  locked ensure_empty_template
  check "install, update, uninstall: empty database" life_cycle empty "$EMPTY_TEMPLATE"
  check "install, update, uninstall: demo database" life_cycle demo "$TEMPLATE"
  test_migration
}

bridge_tests() {
  local folder
  for folder in "$ROOT/$ADDON"_*/tests; do [ -d "$folder" ] && printf '%s ' "$folder"; done
}

drop_test_databases() {
  local name
  for name in core empty demo upgrade; do drop_database "$TEST_PREFIX$name" >/dev/null 2>&1; done
  rm -rf "${TEST_FILES:-$WORK/tmp}"
}

# A server that this run started ends with it, unless somebody else works on it meanwhile.
end_tests() {
  trap - EXIT INT TERM
  drop_test_databases
  if [ "$SERVER_WAS_UP" = no ] && ! use_external_server &&
    [ "$(sql postgres "select count(*) from pg_stat_activity where datname is not null and pid != pg_backend_pid()")" = 0 ]; then
    stop_postgres
  fi
}

run_tests() {
  local what=${1:-all} outcome=0
  case $what in all | engine | odoo | lint) ;; *) die "unknown part '$what': ./dev test [engine|odoo|lint]" ;; esac
  note_running_server
  rm -rf "$RESULTS" && mkdir -p "$RESULTS"
  TEST_PREFIX=
  trap end_tests EXIT
  trap 'exit 130' INT TERM
  ensure_environment
  TEST_PREFIX=${DB_PREFIX}test_$$_
  case $what in all | lint) check lint lint ;; esac
  case $what in all | engine) counted engine run_engine ;; esac
  case $what in all | odoo) test_addon ;; esac
  "$VENV/bin/python" "$ROOT/tools/count_results.py" "$RESULTS" "${FAILED_CHECKS[@]}" || outcome=1
  end_tests
  exit $outcome
}

note_running_server() {
  SERVER_WAS_UP=no
  choose_postgres_place
  [ -x "$PG_BIN/pg_isready" ] && server_answers && SERVER_WAS_UP=yes
}
