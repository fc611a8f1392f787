#!/usr/bin/env bash
# Fill .venv with exactly what uv.lock says and compile the translations. Quick when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
export UV_PYTHON_DOWNLOADS=never
# Trust what the machine trusts, so that a network with an authority of its own works too.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then export UV_SYSTEM_CERTS=true; fi

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

command -v python3 >/dev/null || stop "The portal needs Python 3.11 or newer: apt-get install python3 python3-pip"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "The portal needs Python 3.11 or newer; this is $(python3 --version). Debian 12 and later have it."

# uv goes in the project's own folder: Debian refuses a pip install outside a virtual environment.
if [ ! -x .tools/bin/uv ] || [ "$(.tools/bin/uv --version | cut -d' ' -f2)" != "$UV_VERSION" ]; then
  echo "Installing uv $UV_VERSION in .tools ..."
  if python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
      --upgrade --target .tools "uv==$UV_VERSION"
  elif python3 -c 'import ensurepip, venv' 2>/dev/null; then
    python3 -m venv .tools
    .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
  else
    stop "Python's pip is missing. Install it with: apt-get install python3-pip" \
      "(or python3-venv, which brings a pip of its own)."
  fi
fi

.tools/bin/uv sync --quiet --frozen --python "$(command -v python3)"

# Compiled catalogues are not in version control. Only what changed is compiled again.
for catalogue in portal/translations/*/LC_MESSAGES/messages.po; do
  if [ -f "$catalogue" ] && [ ! "${catalogue%.po}.mo" -nt "$catalogue" ]; then
    .venv/bin/pybabel --quiet compile --input-file "$catalogue" --output-file "${catalogue%.po}.mo"
  fi
done
