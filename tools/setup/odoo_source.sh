# Odoo 19: ODOO_SRC (a source tree), ODOO_DEB (a package file), or Debian's package, unpacked into the
# cache and never installed on the system. Sourced by ./dev.

APT_STATE=$CACHE/apt
ODOO_PACKAGE=odoo-19
# What the web client links to below usr/share, and the fonts of statements.
# Font Awesome from trixie: the newer one of sid has no version 4, which Odoo's stylesheet names.
LINKED_PACKAGES="fonts-font-awesome/trixie fonts-glyphicons-halflings fonts-inconsolata fonts-montserrat fonts-ocr-b
  fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore fonts-dejavu-core fonts-wqy-microhei"
LANGUAGES="zh_TW zh_CN fr de"
TREE_FORMAT=2

# The machine's own archive, read from its configuration: no address is written here.
archive_uri() {
  if [ -n "${APT_DEBIAN_URI:-}" ]; then
    printf '%s\n' "$APT_DEBIAN_URI"
  else
    env -u APT_CONFIG apt-get indextargets --no-release-info --format '$(REPO_URI)' 'Created-By: Packages' |
      grep -v -- '-security/*$' | sort -u | head -n 1
  fi
}

# Package lists of our own: the system's lists and sources stay as they are, no root needed.
private_apt() {
  local uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  command -v apt-get >/dev/null || return 1
  uri=$(archive_uri)
  [ -n "$uri" ] && [ -f "$keyring" ] || return 1
  mkdir -p "$APT_STATE"/{lists/partial,cache/archives/partial,parts}
  cat >"$APT_STATE/apt.conf" <<CONF
Dir::State::Lists "$APT_STATE/lists";
Dir::Cache "$APT_STATE/cache";
Dir::Etc::SourceList "$APT_STATE/sources.list";
Dir::Etc::SourceParts "$APT_STATE/parts";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "$APT_STATE/parts";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "";
CONF
  printf "deb [signed-by=$keyring] $uri %s main\n" sid trixie >"$APT_STATE/sources.list"
  APT_CONFIG=$APT_STATE/apt.conf apt-get update -q
}

linked_folder() { printf '%s/debs/linked-%s' "$CACHE" "$(printf '%s' "$LINKED_PACKAGES" | short_hash)"; }

# fetch_packages FOLDER NAME...: complete or not there at all.
fetch_packages() {
  local folder=$1
  shift
  [ -f "$folder/.complete" ] && return
  mkdir -p "$folder" && cd "$folder" || return 1
  export APT_CONFIG=$APT_STATE/apt.conf
  apt-get download -q "$@" && sha256sum ./*.deb && touch .complete
}

packages_are_there() {
  [ -f "$(linked_folder)/.complete" ] && { [ -n "${ODOO_DEB:-}" ] || [ -f "$CACHE/debs/odoo/.complete" ]; }
}

fetch_all_packages() {
  private_apt || return 1
  # shellcheck disable=SC2086
  (fetch_packages "$(linked_folder)" $LINKED_PACKAGES) || return 1
  [ -n "${ODOO_DEB:-}" ] || (fetch_packages "$CACHE/debs/odoo" "$ODOO_PACKAGE") || return 1
  rm -rf "$APT_STATE"
}

download_packages() {
  packages_are_there && return
  step "downloading Odoo 19 (127 MB, once)"
  logged odoo-download fetch_all_packages && return
  # A package file given by hand may bring everything itself (the vendor's own does).
  [ -n "${ODOO_DEB:-}" ] && return
  die "no Odoo 19 package in the machine's archive: set ODOO_SRC=/path/to/odoo-19, ODOO_DEB=/path/to/odoo-19.deb, or APT_DEBIAN_URI (see $LOGS/odoo-download.log)"
}

# unpack_package FILE FOLDER: without the 19,600 translation files.
unpack_package() {
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner \
    --exclude='*/i18n/*.po' --exclude='./usr/lib/python3/dist-packages/addons'
}

# The translations of the languages of statements, but none of the country packages.
unpack_translations() {
  local language patterns=()
  for language in $LANGUAGES; do patterns+=("*/odoo/addons/*/i18n/$language.po"); done
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner --wildcards \
    --exclude='./usr/lib/python3/dist-packages/addons' --exclude='*/l10n_*' "${patterns[@]}"
}

# The package lacks one script of the video calls; an empty one keeps the web client free of errors.
complete_tree() {
  local library=$1/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
  mkdir -p "$library"
  [ -f "$library/selfie_segmentation.js" ] || echo '// not shipped by Debian' >"$library/selfie_segmentation.js"
}

unpack_tree() {
  local file odoo=${ODOO_DEB:-$(echo "$CACHE"/debs/odoo/*.deb)}
  rm -rf "$1.tmp" && mkdir -p "$1.tmp" || return 1
  for file in "$odoo" "$(linked_folder)"/*.deb; do
    [ -f "$file" ] || continue
    unpack_package "$file" "$1.tmp" || return 1
  done
  unpack_translations "$odoo" "$1.tmp" && complete_tree "$1.tmp" || return 1
  rm -rf "$1" && mv "$1.tmp" "$1"
}

# Sets ODOO_PATH (what Python imports), ODOO_ADDONS (extra addons folder of a source tree) and FONT_DIR.
ensure_odoo() {
  ODOO_ADDONS= FONT_DIR=
  if [ -n "${ODOO_SRC:-}" ]; then
    [ -f "$ODOO_SRC/odoo/release.py" ] || die "ODOO_SRC=$ODOO_SRC holds no odoo/release.py: give the root of an Odoo 19 source tree"
    ODOO_PATH=$(cd "$ODOO_SRC" && pwd)
    [ -d "$ODOO_PATH/addons" ] && ODOO_ADDONS=$ODOO_PATH/addons
  else
    cache_locked ensure_unpacked
  fi
  ODOO_VERSION=$(short_hash <"$ODOO_PATH/odoo/release.py")
  grep -q '^version_info = (19,' "$ODOO_PATH/odoo/release.py" || die "this is not Odoo 19: point ODOO_SRC or ODOO_DEB at series 19.0"
}

ensure_unpacked() {
  local tree key
  [ -z "${ODOO_DEB:-}" ] || [ -f "$ODOO_DEB" ] || die "ODOO_DEB=$ODOO_DEB does not exist"
  if [ -n "${ODOO_DEB:-}" ]; then
    key=$(stat -c '%n %s %Y' "$ODOO_DEB" | short_hash)
  else
    key=debian
  fi
  tree=$CACHE/odoo/$key-$TREE_FORMAT
  if [ ! -d "$tree" ]; then
    download_packages
    step "unpacking Odoo 19"
    logged odoo-unpack unpack_tree "$tree" || {
      rm -rf "$CACHE/debs"
      die "unpacking Odoo failed: check the free space and run again (see $LOGS/odoo-unpack.log)"
    }
  fi
  ODOO_PATH=$tree/usr/lib/python3/dist-packages
  FONT_DIR=$tree/usr/share/fonts
}
