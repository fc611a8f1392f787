#!/usr/bin/env bash
# Run the whole suite once per database that is named: tools/test.sh sqlite postgresql
# More processes than two cores: the journeys wait for mail and for the browser most of the time.
# A failure on the first does not keep the second from running; any failure makes the end non-zero.
set -uo pipefail
cd "$(dirname "$0")/.."

# What touches no database, or only looks at pages that are the same on each, runs once.
once=(tests/design tests/documents tests/translations)
looks='tests/journeys/test_certificates.py::test_every_page_of_certificates_and_of_the_log_is_accessible'

failed=() less=()
for database in "$@"; do
  echo
  echo "== The suite on $database"
  .venv/bin/pytest --database="$database" --numprocesses="${WORKERS:-3}" --dist=worksteal "${less[@]}" ||
    failed+=("$database")
  less=("${once[@]/#/--ignore=}" "--deselect=$looks")
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "Failed on: ${failed[*]}" >&2
  exit 1
fi
