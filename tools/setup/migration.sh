# An older version of the addon, installed from its archive, with facts, then updated to this one.
# Sourced by ./dev.

MIGRATION_TESTS=$ROOT/tests/migration

# upgrade_from VERSION: leaves the updated database behind, named ${TEST_PREFIX}upgrade.
upgrade_from() {
  locked ensure_empty_template
  local version=$1 folder=$WORK/tmp/old-$1 database=${TEST_PREFIX}upgrade STRICT_LOG=yes
  rm -rf "$folder" && mkdir -p "$folder" &&
    tar -xJf "$MIGRATION_TESTS/$ADDON-$version.tar.xz" -C "$folder" || return 1
  sed "s#^addons_path = .*#addons_path = $folder${ODOO_ADDONS:+,$ODOO_ADDONS}#" "$WORK/odoo.conf" >"$folder/odoo.conf"
  locked clone_database "$database" "$EMPTY_TEMPLATE" &&
    odoo_quiet "upgrade-old" -c "$folder/odoo.conf" -d "$database" -i "$ADDON" --stop-after-init &&
    run_odoo shell -c "$folder/odoo.conf" -d "$database" --log-level=warn <"$MIGRATION_TESTS/facts-$version.py" &&
    odoo_quiet "upgrade" -d "$database" -u "$ADDON" --stop-after-init
}

test_migration() {
  local archive version
  for archive in "$MIGRATION_TESTS/$ADDON"-*.tar.xz; do
    [ -f "$archive" ] || continue
    version=${archive##*/"$ADDON"-} && version=${version%.tar.xz}
    check "updating from $version" upgrade_from "$version" &&
      counted migration run_addon_tests "${TEST_PREFIX}upgrade" "$MIGRATION_TESTS" -p no:cacheprovider
  done
}
