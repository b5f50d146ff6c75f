# The addon inside databases: installed from its files, updated only when they changed. Sourced by ./dev.

# Comma list of the bridge addons of this checkout ("" if there are none).
bridges() {
  local file names=
  for file in "$ROOT/$ADDON"_*/__manifest__.py; do
    [ -f "$file" ] && names=$names,$(basename "$(dirname "$file")")
  done
  printf '%s' "${names#,}"
}

# Hash of what an installation depends on; tests and byte code are not part of it.
addon_key() {
  (cd "$ROOT" && find "$ADDON" "$ADDON"_* -type f -not -path '*/__pycache__/*' -not -path '*/tests/*' 2>/dev/null |
    LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | short_hash)
}

require_addon() {
  [ -f "$ROOT/$ADDON/__manifest__.py" ] || die "$ADDON/__manifest__.py is missing: check out the whole repository"
}

# install_addon NAME SOURCE: a fresh clone of SOURCE with the addon, marked with the key of its files.
install_addon() {
  clone_database "$1" "$2" && run_odoo -d "$1" -i "$ADDON" --stop-after-init && mark_database "$1" "addon $(addon_key)"
}

update_addon() { run_odoo -d "$1" -u "$ADDON" --stop-after-init && mark_database "$1" "addon $(addon_key)"; }

is_current() { [ "$(database_mark "$1")" = "$OWN_MARK: addon $(addon_key)" ]; }

# Sets INSTALLED: a database without demo data with the addon as it is now, to be cloned.
ensure_installed() {
  require_addon
  ensure_empty_template
  INSTALLED=${DB_PREFIX}installed
  is_current "$INSTALLED" && return
  step "installing the addon"
  logged install install_addon "$INSTALLED" "$EMPTY_TEMPLATE" ||
    die "the addon could not be installed: see $LOGS/install.log"
}
