#!/usr/bin/env bash
# Installs what this machine still misses, and nothing else.
#   scripts/setup.sh        for the demo: PostgreSQL + PostGIS, uv, the locked Python packages
#   scripts/setup.sh test   the same with the tools of the tests, Chromium, npm and Sedona for Spark
# Everything but Debian's packages and Maven's jar goes into .tools/ and .venv/ of this checkout. No service is started.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly purpose=${1:-demo}
readonly cannot=3 # the exit code of geo-service for "cannot reach what it needs"
export PATH="$PATH:$PWD/.tools/uv/bin"

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit "$cannot"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null || fail "no apt-get here: install $* by hand"
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "neither root nor sudo: ask for apt-get install $*"
}

known_to_apt() { [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]; }

apt_update() {
  [ "${apt_is_fresh:-no}" = yes ] || as_root apt-get update -qq
  apt_is_fresh=yes
}

apt_install() {
  say "installing $*"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@")
  # The package lists may be older than the mirror's packages: then once more with fresh ones.
  as_root "${install[@]}" >/dev/null || { apt_update && as_root "${install[@]}" >/dev/null; } ||
    fail "apt-get could not install $*"
}

has_postgis() {
  local config
  for config in /usr/lib/postgresql/1[4-8]/bin/pg_config /usr/pgsql-1[4-8]/bin/pg_config "$(command -v pg_config || true)"; do
    if [ -x "$config" ] && [ -x "$("$config" --bindir)/initdb" ] &&
      [ -e "$("$config" --sharedir)/extension/postgis.control" ]; then
      return 0
    fi
  done
  return 1
}

# The version that is installed already comes first; else the newest that this machine's Debian offers.
postgis_package() {
  local version
  for version in $(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -rn) 18 17 16 15 14; do
    if known_to_apt "postgresql-$version-postgis-3"; then
      echo "postgresql-$version-postgis-3"
      return 0
    fi
  done
  return 1
}

# Debian's server package makes a cluster of its own and starts it, unless it is told not to.
install_postgis() {
  local package own_cluster=/etc/postgresql-common/createcluster.d/geo-service-setup.conf
  may_install postgresql-NN-postgis-3 "(NN from 14 to 18)"
  package=$(postgis_package) || { apt_update && package=$(postgis_package); } ||
    fail "no package postgresql-NN-postgis-3 found"
  as_root mkdir -p "$(dirname "$own_cluster")"
  # shellcheck disable=SC2064 # the name is wanted as it is now
  trap "as_root rm -f '$own_cluster'" EXIT
  echo 'create_main_cluster = false' | as_root tee "$own_cluster" >/dev/null
  apt_install "$package" "${package%-postgis-3}"
}

find_python() {
  local python
  for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$python"
      return 0
    fi
  done
  return 1
}

install_uv() {
  local python
  python=$(find_python) || fail "Python 3.11 or newer is needed"
  say "installing uv into .tools/uv"
  rm -rf .tools/uv
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    may_install python3-venv
    known_to_apt python3-venv || apt_update
    apt_install python3-venv
    python=python3
  fi
  { "$python" -m venv .tools/uv && .tools/uv/bin/pip install --quiet 'uv>=0.8'; } || fail "could not install uv"
}

install_chromium() {
  if grep -q '^ID=ubuntu' /etc/os-release; then
    # Ubuntu's package is only a door to snap, which containers do not have.
    say "installing Chromium"
    uv run --no-sync playwright install --with-deps chromium || fail "could not install Chromium"
  else
    # The one without windows: the tests take a fifth less CPU with it.
    may_install chromium-headless-shell
    known_to_apt chromium-headless-shell || apt_update
    apt_install chromium-headless-shell
  fi
}

has_chromium() {
  command -v chromium-headless-shell >/dev/null || command -v google-chrome >/dev/null ||
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*" >/dev/null
}

# Only for the type check of the viewer, which runs without a build step.
install_npm() {
  may_install nodejs npm
  known_to_apt npm || apt_update
  apt_install nodejs npm
}

has_pango() { ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1.0' && ldconfig -p | grep -q 'libharfbuzz-subset'; }

# For PDFs only.
install_pango() {
  may_install libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
  known_to_apt libpangoft2-1.0-0 || apt_update
  apt_install libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
}

# For `batch detect --engine spark` (docs/how-to/run-on-spark.md). Maven keeps the jar in the home of who runs this.
sedona_coordinates() { sed -n 's/^JAR = "\(.*\)"$/\1/p' geo_service/analysis/spark.py; }

has_sedona() {
  local group name version
  IFS=: read -r group name version <<<"$(sedona_coordinates)"
  [ -s "$HOME/.m2/repository/${group//.//}/$name/$version/$name-$version.jar" ]
}

# Debian's Maven brings Java along.
fetch_sedona() {
  if ! command -v mvn >/dev/null; then
    may_install maven
    known_to_apt maven || apt_update
    apt_install maven
  fi
  say "fetching Sedona for Spark (84 MB)"
  mvn --quiet --batch-mode dependency:get -Dtransitive=false "-Dartifact=$(sedona_coordinates)"
}

has_postgis || install_postgis
has_pango || install_pango
uv --version >/dev/null 2>&1 || install_uv
if [ "$purpose" = test ]; then
  uv sync --frozen --quiet
  has_chromium || install_chromium
  command -v npm >/dev/null || install_npm
  has_sedona || (fetch_sedona) || say "no Sedona: the tests of Spark are skipped, and fail where CI=true"
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --no-audit --no-fund ||
    fail "could not install the type checker of the viewer"
else
  uv sync --frozen --quiet --no-dev --inexact
fi
