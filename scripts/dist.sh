#!/usr/bin/env bash
# Writes geo-service-VERSION.tar.gz into a folder (dist): what a host without Docker and without a checkout needs (scripts/systemd/install.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(uv version --short)
name=geo-service-$version
out=${1:-dist}
folder=$out/$name
rm -rf "$folder"
mkdir -p "$folder"
uv build --quiet --all-packages --wheel --out-dir "$folder"
rm -f "$folder/.gitignore"
uv export --quiet --frozen --no-dev --no-emit-workspace --format requirements-txt --output-file "$folder/requirements.txt"
uv run --no-sync python scripts/sbom.py "$folder/bom.cdx.json" >/dev/null
cp scripts/systemd/* "$folder/"
cp .env.example "$folder/geo-service.env"
echo "$version" > "$folder/VERSION"
tar -C "$out" -czf "$out/$name.tar.gz" "$name"
rm -rf "$folder"
echo "$out/$name.tar.gz"
