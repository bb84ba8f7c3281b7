#!/usr/bin/env bash
# Everything a developer, a server or CI does here; arguments pass through.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
PY=.venv/bin/python

install() {  # [extra,extra]: .venv with the pinned versions; nothing is done when nothing changed
  local stamp=.venv/installed want
  want="$(cat constraints.txt pyproject.toml | sha256sum) ${1:-test,postgres}"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then compile_translations; return; fi
  [ -x "$PY" ] || python3 -m venv .venv
  "$PY" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[${1:-test,postgres}]"
  compile_translations
  echo "$want" > "$stamp"
}
compile_translations() {  # .mo beside each .po, where it is missing or older
  local po
  for po in app/translations*/*/LC_MESSAGES/*.po; do
    if [ "$po" -nt "${po%.po}.mo" ]; then
      "$PY" -m babel.messages.frontend -q compile -i "$po" -o "${po%.po}.mo"
    fi
  done
}
serve() { install; exec .venv/bin/verbindplaats serve "$@"; }
test() { install; exec "$PY" -m pytest -q -n "${TEST_WORKERS:-2}" "$@"; }
lint() {
  install
  .venv/bin/ruff check .
  .venv/bin/ruff format --check .
  .venv/bin/codespell app federation feeds directory docs *.md
  .venv/bin/djlint app/templates --lint --quiet
  .venv/bin/lint-imports
}
types() { install; .venv/bin/mypy; }
check() { lint; types; "$PY" -m pytest -q -n "${TEST_WORKERS:-2}" "$@"; }
demo() { install; exec "$PY" -m tests.support.demo "$@"; }
bench() { install; "$PY" -m tests.bench "$@"; }
golden() { install; GOLDEN=write "$PY" -m pytest -q -k golden "$@"; }
translate() {  # sentences from the code into the catalogues; what lacks English stays empty
  local folder=app/translations
  local header='(POT-Creation|PO-Revision)-Date|Project-Id|Report-Msgid|Last-Translator|Language-Team|Generated-By'
  install
  .venv/bin/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -k lazy_ngettext:1,2 --sort-output --no-location --omit-header -w 100 \
    -o "$folder/messages.pot" .
  .venv/bin/pybabel -q update -N --ignore-obsolete -w 100 -l en -i "$folder/messages.pot" \
    -o "$folder/en/LC_MESSAGES/messages.po"
  sed -i -E "/^\"($header)/d" "$folder/en/LC_MESSAGES/messages.po"
  compile_translations
}
migrate() { install; .venv/bin/verbindplaats init "$@"; }

case "${1:-}" in
  install|serve|test|lint|types|check|demo|bench|golden|translate|migrate) "$@" ;;
  *) echo "usage: ./run.sh install | serve | test | lint | types | check | demo | bench | golden | translate | migrate" >&2; exit 2 ;;
esac
