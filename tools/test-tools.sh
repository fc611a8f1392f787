#!/usr/bin/env bash
# See to the programs that the tests use and that no wheel brings: a Chromium, qpdf, poppler's pdfinfo and pdffonts,
# libical with a C compiler, which judges calendars, and dovecot with openssl, the IMAP server where answers arrive.
# They are installed when this is root on a Debian, and named when it is not. The tests never pass without them.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()

own_chromium() {
  .venv/bin/python - <<'PYTHON'
import pathlib, sys
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PYTHON
}

[ -x /usr/bin/chromium ] || own_chromium || missing+=(chromium)
command -v qpdf >/dev/null || missing+=(qpdf)
{ command -v pdfinfo && command -v pdffonts; } >/dev/null || missing+=(poppler-utils)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
[ -e /usr/include/libical/ical.h ] || missing+=(libical-dev)
{ command -v dovecot || [ -x /usr/sbin/dovecot ]; } >/dev/null || missing+=(dovecot-imapd)
command -v openssl >/dev/null || missing+=(openssl)

[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing for the tests: ${missing[*]} ..."
  # RUNLEVEL: the tests start a dovecot of their own, so Debian's need not run.
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get -qq update
  apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "The tests need ${missing[*]}. Install with: sudo apt-get install ${missing[*]}" >&2
  echo "(Instead of Debian's chromium, this also does: .venv/bin/playwright install chromium)" >&2
  exit 1
fi
