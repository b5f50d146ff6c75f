# A browser for the browser tests, and a font for Chinese pages. Sourced by ./dev.

has_browser() { command -v google-chrome || command -v chromium || command -v chromium-browser; }

ensure_browser() {
  has_browser >/dev/null && return
  if is_root && command -v apt-get >/dev/null; then
    step "installing Chromium (205 MB, once)"
    locked logged apt-browser apt_install chromium fonts-wqy-microhei && has_browser >/dev/null && return
    say "Chromium could not be installed: see $LOGS/apt-browser.log"
  fi
  step "no Chromium: browser tests are skipped (install it: apt-get install chromium)"
}
