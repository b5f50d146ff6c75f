# Python, its pinned packages (wheels cached outside the checkout) and the lint tools. Sourced by ./dev.

VENV=$WORK/venv
LINT=$WORK/lint
# Byte code goes below .work: neither the cached Odoo tree nor ODOO_SRC is ever written to.
export PYTHONPYCACHEPREFIX=$WORK/pycache

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

# Sets BASE_PYTHON, never the one of an environment that happens to be active.
find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    supported "$candidate" || continue
    BASE_PYTHON=$("$candidate" -c 'import os, sys; print(os.path.realpath(sys._base_executable))')
    PYTHON_TAG=$("$candidate" -c 'import sys, platform; print("%d.%d-%s" % (*sys.version_info[:2], platform.machine()))')
    return
  done
  if is_root && command -v apt-get >/dev/null && [ ! -x /usr/bin/python3 ]; then
    step "installing python3"
    logged apt-python apt_install python3 python3-venv ca-certificates && supported /usr/bin/python3 && find_python && return
  fi
  die "no Python 3.11 to 3.13 found: install python3 and python3-venv, or set PYTHON=/path/to/python3"
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "$@" || {
    apt-get update && apt-get install -y --no-install-recommends "$@"
  }
}

# make_venv FOLDER: an empty environment with pip, also where Debian's python3-venv is missing.
make_venv() {
  rm -rf "$1"
  if "$BASE_PYTHON" -c 'import ensurepip' 2>/dev/null; then
    "$BASE_PYTHON" -m venv "$1"
  elif is_root && command -v apt-get >/dev/null && apt_install python3-venv && "$BASE_PYTHON" -c 'import ensurepip'; then
    "$BASE_PYTHON" -m venv "$1"
  else
    cache_locked make_venv_without_ensurepip "$1"
  fi
}

make_venv_without_ensurepip() {
  local wheels=$WORK/tmp-pip
  rm -rf "$wheels" && mkdir -p "$wheels" && private_apt || return 1
  (cd "$wheels" && APT_CONFIG=$APT_STATE/apt.conf apt-get download -q python3-pip-whl) || return 1
  dpkg-deb -x "$wheels"/python3-pip-whl_*.deb "$wheels/root" || return 1
  "$BASE_PYTHON" -m venv --without-pip "$1" || return 1
  PYTHONPATH=$(echo "$wheels"/root/usr/share/python-wheels/pip-*.whl) "$1/bin/python" -m pip install -q pip || return 1
  rm -rf "$wheels"
}

# fill_wheelhouse FOLDER REQUIREMENTS PYTHON: downloads what is missing, marks the folder complete.
fill_wheelhouse() {
  [ -f "$1/.complete" ] && return
  mkdir -p "$1"
  "$3" -m pip wheel -q --no-deps --only-binary=:all: -w "$1" -r "$2" && touch "$1/.complete"
}

# usable FOLDER: the environment's Python starts and is the one its packages were installed for.
usable() {
  local version
  version=$("$1/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) &&
    [ -d "$1/lib/python$version/site-packages" ]
}

# ensure_venv FOLDER REQUIREMENTS: stamped by the pins, the wanted Python and the place.
ensure_venv() {
  local name key
  name=$(basename "$1")
  key="$(short_hash <"$2") ${PYTHON:-} $1"
  stamped "$1/.stamp" "$key" && usable "$1" && return
  find_python
  step "Python packages ($name)"
  logged "venv-$name" make_venv "$1" || die "no virtual environment: install python3-venv (see $LOGS/venv-$name.log)"
  install_packages "$name" "$1/bin/python" "$2" "$CACHE/wheels/$PYTHON_TAG-$(short_hash <"$2")"
  stamp "$1/.stamp" "$key"
}

# install_packages NAME PYTHON REQUIREMENTS WHEELHOUSE: the pins are complete, so nothing is resolved.
install_packages() {
  cache_locked logged "wheels-$1" fill_wheelhouse "$4" "$3" "$2" ||
    die "downloading Python packages failed: check the network and run again (see $LOGS/wheels-$1.log)"
  logged "pip-$1" "$2" -m pip install -q --no-deps --no-index --find-links "$4" -r "$3" && return
  rm -f "$4/.complete"
  die "installing Python packages failed: run again to download them anew (see $LOGS/pip-$1.log)"
}

ensure_python() { ensure_venv "$VENV" "$ROOT/requirements.txt"; }

ensure_lint_tools() { ensure_venv "$LINT" "$ROOT/requirements-lint.txt"; }
