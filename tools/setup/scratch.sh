# ./dev bench and ./dev replay: programs on a scratch database that is dropped afterwards. Sourced by ./dev.

# on_scratch_database NAME COMMAND...: a clone with the addon and no demo data, its name in SCRATCH_DB.
on_scratch_database() {
  local outcome=0
  SCRATCH_DB=$DB_PREFIX$1_$$
  shift
  trap 'drop_database "$SCRATCH_DB" >/dev/null 2>&1' EXIT
  trap 'exit 130' INT TERM
  locked clone_database "$SCRATCH_DB" "$INSTALLED" || die "no scratch database: see the message above"
  "$@" || outcome=$?
  drop_database "$SCRATCH_DB" >/dev/null 2>&1
  trap - EXIT INT TERM
  return $outcome
}

# A benchmark that names addons in a line NEEDS = "stock,..." gets them installed first.
run_benchmark() {
  local needs
  needs=$(sed -n 's/^NEEDS = "\(.*\)"$/\1/p' "$ROOT/$1")
  [ -z "$needs" ] || logged bench-needs run_odoo -d "$SCRATCH_DB" -i "$needs" --stop-after-init || return 1
  (export_environment && cd "$ROOT" && BENCH_DB=$SCRATCH_DB exec "$VENV/bin/python" "$@")
}

# Without names: every bench/bench_*.py in alphabetical order; the other files are what they share.
run_benchmarks() {
  local name outcome=0
  # shellcheck disable=SC2046
  [ $# -gt 0 ] || set -- $(cd "$ROOT" && LC_ALL=C ls bench/bench_*.py 2>/dev/null)
  for name in "$@"; do
    name=$(basename "$name" .py)
    name=bench_${name#bench_}
    [ -f "$ROOT/bench/$name.py" ] || die "bench/$name.py does not exist: ls bench shows the names"
    step "$name"
    on_scratch_database bench run_benchmark "bench/$name.py" || outcome=1
  done
  return $outcome
}

replay_log() {
  LOG=$1 POLICY=$2 OUT=$3 run_script "$SCRATCH_DB" "$ROOT/tools/replay.py"
}

run_replay() {
  [ $# = 3 ] || die "usage: ./dev replay LOG POLICY OUT"
  [ -f "$1" ] && [ -f "$2" ] || die "LOG and POLICY must be files: check $1 and $2"
  [ -d "$(dirname "$3")" ] || die "the folder of $3 does not exist: make it first"
  [ -f "$ROOT/tools/replay.py" ] || die "tools/replay.py is missing: check out the whole repository"
  ensure_environment
  locked ensure_installed
  on_scratch_database replay replay_log "$(realpath "$1")" "$(realpath "$2")" "$(realpath "$3")"
}
