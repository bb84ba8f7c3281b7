#!/usr/bin/env bash
# Everything a developer, a server or CI does here; arguments pass through.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
PY=.venv/bin/python

install() {  # [extra,extra]: .venv with the pinned versions; nothing is done when nothing changed
  local stamp=.venv/installed want
  want="$(cat constraints.txt pyproject.toml | sha256sum) ${1:-test,postgres}"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then return; fi
  [ -x "$PY" ] || python3 -m venv .venv
  "$PY" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[${1:-test,postgres}]"
  compile_translations
  echo "$want" > "$stamp"
}
compile_translations() {
  "$PY" -m babel.messages.frontend compile -q -d app/translations >/dev/null 2>&1 || "$PY" -m babel.messages.frontend compile -d app/translations
  "$PY" -m babel.messages.frontend compile -q -d app/translations_security -D flask_security
}
serve() { install; exec .venv/bin/verbindplaats serve "$@"; }
test() { install; exec "$PY" -m pytest -q -n "${TEST_WORKERS:-2}" "$@"; }
lint() {
  install
  .venv/bin/ruff check . && .venv/bin/ruff format --check .
  .venv/bin/codespell app federation feeds directory docs *.md
  .venv/bin/djlint app/templates --lint --quiet
  .venv/bin/lint-imports
}
types() { install; .venv/bin/mypy; }
check() { lint; types; "$PY" -m pytest -q -n "${TEST_WORKERS:-2}" "$@"; }
demo() { install; exec "$PY" -m tests.support.demo "$@"; }
bench() { install; "$PY" -m tests.bench "$@"; }
golden() { install; GOLDEN=write "$PY" -m pytest -q -k golden "$@"; }
translate() {
  install
  .venv/bin/pybabel extract -q -F babel.cfg -k _l -k lazy_gettext --sort-by-file --no-location --omit-header -o app/translations/messages.pot .
  .venv/bin/pybabel update -q -N --omit-header -i app/translations/messages.pot -d app/translations
  compile_translations
}
migrate() { install; .venv/bin/verbindplaats init "$@"; }

case "${1:-}" in
  install|serve|test|lint|types|check|demo|bench|golden|translate|migrate) "$@" ;;
  *) echo "usage: ./run.sh install | serve | test | lint | types | check | demo | bench | golden | translate | migrate" >&2; exit 2 ;;
esac
