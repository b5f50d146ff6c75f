# Paths, messages, stamps and the lock that every step shares. Sourced by ./dev, never run.

WORK=$ROOT/.work
CACHE=${XDG_CACHE_HOME:-${HOME:-$WORK}/.cache}/aftersales_contracts
ADDON=aftersales_contracts
LOGS=$WORK/log

say() { printf '%s\n' "$*" >&2; }
step() { say "· $*"; }
die() {
  say "dev: $*"
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

prepare_folders() {
  mkdir -p "$WORK" "$LOGS" "$CACHE" || die "cannot write to $WORK or $CACHE: free the folders or set XDG_CACHE_HOME"
  chmod 755 "$WORK"
}

# Short hash of standard input, for keys and file names.
short_hash() { sha256sum | cut -c1-12; }

# stamped FILE KEY: true if the step that wrote FILE finished with this KEY.
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

stamp() { printf '%s\n' "$2" >"$1.tmp" && mv "$1.tmp" "$1"; }

# logged NAME COMMAND...: runs the command with its output in a log file.
logged() {
  local file=$LOGS/$1.log
  shift
  "$@" >"$file" 2>&1 </dev/null
}

wait_for_lock() {
  flock -n "$1" && return
  step "waiting for another ./dev"
  flock "$1"
}

# Only setup steps hold the lock; servers, tests and shells run without it.
locked() {
  local outcome=0
  exec 9>"$WORK/lock"
  wait_for_lock 9
  "$@" || outcome=$?
  exec 9>&-
  return $outcome
}

# The cache is shared by several checkouts, so its steps have a lock of their own.
cache_locked() {
  local outcome=0
  exec 8>"$CACHE/lock"
  wait_for_lock 8
  "$@" || outcome=$?
  exec 8>&-
  return $outcome
}

# alive PIDFILE TEXT: true if the process lives and its command line holds TEXT (pids get reused,
# and a dead child of an init that does not reap stays a zombie with an empty command line).
alive() {
  local pid
  [ -f "$1" ] || return 1
  pid=$(head -n 1 "$1")
  [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2"
}

# end_process PIDFILE TEXT: TERM, wait, then KILL that one process.
end_process() {
  local pid tries=0
  if alive "$1" "$2"; then
    pid=$(head -n 1 "$1")
    kill "$pid" 2>/dev/null
    while alive "$1" "$2" && [ $tries -lt 100 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    alive "$1" "$2" && kill -9 "$pid" 2>/dev/null
  fi
  rm -f "$1"
}

free_port() {
  "$VENV/bin/python" - "${1:-0}" <<'PY'
import socket
import sys

for wanted in (int(sys.argv[1]), 0):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            continue
        print(probe.getsockname()[1])
        break
PY
}
