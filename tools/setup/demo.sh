# ./dev run, stop and clean: the demo story in a running server. Sourced by ./dev.

SERVER_PID=$WORK/server.pid
SERVER_PORT=$WORK/server.port
STATEMENTS=$ROOT/out/statements

server_runs() { alive "$SERVER_PID" "$WORK/odoo.conf"; }

# Sets DEMO: the database of the demo story, up to date with the files of the addon.
ensure_demo() {
  require_addon
  DEMO=${DB_PREFIX}demo
  is_current "$DEMO" && return
  end_process "$SERVER_PID" "$WORK/odoo.conf"
  case $(database_mark "$DEMO") in
    "$OWN_MARK: addon "*)
      step "updating the addon in database $DEMO"
      logged demo update_addon "$DEMO" || die "the update failed: ./dev run --fresh makes the demo anew (see $LOGS/demo.log)"
      ;;
    *)
      step "creating database $DEMO with the demo story"
      logged demo install_addon "$DEMO" "$TEMPLATE" || die "the addon could not be installed: see $LOGS/demo.log"
      ;;
  esac
}

# The scheduled actions, the statements as PDF files and the table of compliance.
tell_story() {
  [ -f "$ROOT/tools/run_story.py" ] || return 0
  mkdir -p "$STATEMENTS"
  step "running the scheduled actions"
  OUT=$STATEMENTS run_script "$DEMO" "$ROOT/tools/run_story.py" 2>"$LOGS/story.log" ||
    die "the demo story failed: see $LOGS/story.log, or ./dev run --fresh"
}

start_demo_server() {
  local port
  server_runs && return
  port=$(free_port "$(cat "$SERVER_PORT" 2>/dev/null || echo 8069)")
  printf '%s\n' "$port" >"$SERVER_PORT"
  (
    ODOO_HTTP_PORT=$port
    export_environment
    cd "$WORK" && exec setsid nohup "$VENV/bin/python" -m odoo -c "$WORK/odoo.conf" -d "$DEMO" --db-filter="^$DEMO\$" \
      --max-cron-threads=1 >"$LOGS/server.log" 2>&1 </dev/null 8>&- 9>&-
  ) &
  printf '%s\n' $! >"$SERVER_PID"
  disown
}

# A server that answers; the first request also loads the registry.
wait_for_server() {
  "$VENV/bin/python" - "$(cat "$SERVER_PORT")" <<'PY'
import sys
import time
import urllib.request

deadline = time.monotonic() + 90
while time.monotonic() < deadline:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/web/health", timeout=5).read()
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit(1)
PY
}

print_logins() {
  cat <<TEXT

Odoo serves http://localhost:$(cat "$SERVER_PORT")  (user / password)
  anna  / anna    account manager        carla / carla   customer, portal
  felix / felix   finance                diego / diego   dealer, portal
  lena  / lena    legal                  admin / admin   administrator
Log: $LOGS/server.log   End it with ./dev stop
TEXT
}

# The bridge addons in the demo story, with the applications that they bridge to.
add_bridges() {
  end_process "$SERVER_PID" "$WORK/odoo.conf"
  step "installing stock, repairs and sales with their bridges (some minutes, once)"
  logged demo-bridges run_odoo -d "$DEMO" -i "$APPLICATIONS" --stop-after-init ||
    die "the bridges could not be installed: see $LOGS/demo-bridges.log"
}

run_demo() {
  local option fresh= bridged=
  for option in "$@"; do
    case $option in
      --fresh) fresh=yes ;;
      --bridges) bridged=yes ;;
      *) die "unknown option '$option': ./dev run [--fresh] [--bridges]" ;;
    esac
  done
  ensure_environment
  if [ -n "$fresh" ]; then
    end_process "$SERVER_PID" "$WORK/odoo.conf"
    locked drop_database "${DB_PREFIX}demo" 2>/dev/null
  fi
  locked ensure_demo
  [ -z "$bridged" ] || locked add_bridges
  tell_story
  locked start_demo_server
  wait_for_server || die "the server did not come up: see $LOGS/server.log"
  print_logins
}

# Ends exactly what was started from this checkout, by process id.
stop_all() {
  [ -d "$WORK" ] || return 0
  choose_postgres_place
  end_process "$SERVER_PID" "$WORK/odoo.conf"
  stop_postgres
}

clean_all() {
  stop_all
  [ ! -d "$WORK" ] || rm -rf "$PG_HOME" "$PG_SOCKET" "$WORK" "$ROOT/out"
}
