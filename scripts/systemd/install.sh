#!/bin/sh
# Installs geo_service under systemd on Debian 12 or newer, or upgrades it. Run it as root in the folder of the archive that `make dist` writes.
set -eu
umask 022  # the service reads what is installed
cd "$(dirname "$0")"
version=$(cat VERSION)
release=/opt/geo-service/releases/$version
settings=/etc/geo-service/geo-service.env
database=geo_service

say() { printf '%s\n' "$*" >&2; }
[ "$(id -u)" = 0 ] || { say "install.sh: run it as root"; exit 2; }

export DEBIAN_FRONTEND=noninteractive
# beside Python and its account: pg_dump and age for backups, Pango and a font for PDFs
packages="python3-venv adduser postgresql-client age libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
grep -qs '^GEO_DATABASE_URL=postgresql://[^/@]*@[^/]' "$settings" || packages="$packages postgresql postgis postgresql-postgis"
say "packages: $packages"
apt-get update -q >/dev/null
apt-get install -yq --no-install-recommends $packages >/dev/null

getent passwd geo-service >/dev/null || adduser --quiet --system --group --home /var/lib/geo-service geo-service
install -d -o geo-service -g geo-service -m 0750 /var/lib/geo-service /var/backups/geo-service
install -d -m 0755 /etc/geo-service /opt/geo-service/releases

content=$(cat requirements.txt ./*.whl | sha256sum)
if [ -x "$release/bin/geo-service" ] && [ "$(cat "$release/content" 2>/dev/null || true)" != "$content" ]; then
    say "install.sh: $version is installed already, with another content; nothing was changed. A build of its own needs a version of its own"
    exit 2
fi
if [ ! -x "$release/bin/geo-service" ]; then
    say "programs: $release"
    rm -rf "$release"
    python3 -m venv "$release"
    "$release/bin/pip" install --quiet --no-cache-dir --require-hashes -r requirements.txt
    printf '%s\n' "$content" > "$release/content"
    "$release/bin/pip" install --quiet --no-cache-dir --no-deps ./*.whl
fi

if [ ! -e "$settings" ]; then
    say "settings: $settings"
    install -o root -g geo-service -m 0640 geo-service.env "$settings"
    # the account of the system is the account of the database: there is no password to keep
    printf '\n%s\n%s\n' "GEO_DATABASE_URL=postgresql://geo-service@/$database?host=/var/run/postgresql" "GEO_HOME=/var/lib/geo-service" >> "$settings"
    printf 'GEO_PERSONAL_KEY=%s\n' "$("$release/bin/geo-service" privacy key)" >> "$settings"
fi
install -m 0755 geo-service /usr/local/bin/geo-service

if grep -q '^GEO_DATABASE_URL=.*host=/var/run/postgresql' "$settings"; then
    [ -d /run/systemd/system ] || pg_lsclusters -h | while read -r major name _ status _; do
        [ "$status" = online ] || pg_ctlcluster "$major" "$name" start
    done
    sql() { runuser -u postgres -- psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }
    [ "$(sql -c "SELECT count(*) FROM pg_roles WHERE rolname = 'geo-service'")" = 1 ] || sql -c 'CREATE ROLE "geo-service" LOGIN'
    # under which partners read: row-level security, docs/security.md
    [ "$(sql -c "SELECT count(*) FROM pg_roles WHERE rolname = 'geo_partner'")" = 1 ] || sql -c 'CREATE ROLE geo_partner NOLOGIN'
    sql -c 'GRANT geo_partner TO "geo-service"'
    [ "$(sql -c "SELECT count(*) FROM pg_database WHERE datname = '$database'")" = 1 ] ||
        sql -c "CREATE DATABASE $database OWNER \"geo-service\" ENCODING 'UTF8' TEMPLATE template0"
    sql -d "$database" -c "CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist" 2>/dev/null
fi

before=$(readlink /opt/geo-service/current || true)
if [ -n "$before" ] && [ "$before" != "$release" ]; then
    say "backup before the upgrade: /var/backups/geo-service/before-$version.backup"
    geo-service db backup "/var/backups/geo-service/before-$version.backup" >/dev/null
fi
# two versions of the worker would each recompute everything in turn
if [ -d /run/systemd/system ] && systemctl --quiet is-active geo-service-worker; then
    trap 'systemctl start geo-service-worker; say "install.sh: not installed; the version before works on"' EXIT
    systemctl stop geo-service-worker
fi
GEO_SERVICE_PROGRAM=$release/bin/geo-service geo-service db migrate
ln -sfn "$release" /opt/geo-service/current.new
mv -T /opt/geo-service/current.new /opt/geo-service/current
trap - EXIT

install -m 0644 ./*.service ./*.timer /etc/systemd/system/
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl enable --quiet geo-service geo-service-worker geo-service-backup.timer
    systemctl restart geo-service geo-service-worker geo-service-backup.timer
else
    say "systemd does not run here: the units are in /etc/systemd/system, nothing was started"
fi
say "geo_service $version is installed. The first administrator: geo-service users first-admin --help"
