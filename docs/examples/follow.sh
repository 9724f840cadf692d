#!/bin/sh
# Follow the feed with curl and jq: one line for each alert. The cursor of the last one and the feed that it is of are in a file, so that nothing
# is missed or told twice. After a backup was put back the feed is another one: it is read again from its beginning.
#
# URL=https://geo.example KEY=gs_… sh follow.sh
set -eu
cursor_file=${CURSOR_FILE:-cursor}
page=$(mktemp)
trap 'rm -f "$page"' EXIT
while :; do
  read -r cursor epoch < "$cursor_file" 2>/dev/null || { cursor=0 epoch=; }
  status=$(curl -s -o "$page" -w '%{http_code}' -H "Authorization: Bearer $KEY" "$URL/api/v1/alerts?after=$cursor&wait=25${epoch:+&epoch=$epoch}") || status=000
  case $status in
    200)
      jq -r '.items[] | [.cursor, .type, (.conflict_id // .repair_id // "")] | join(" ")' "$page"
      jq -r '"\(.last) \(.epoch)"' "$page" > "$cursor_file" ;;
    410)
      echo "a backup was put back: all alerts are read again" >&2
      echo 0 > "$cursor_file" ;;
    *)
      echo "no answer ($status); once more in 5 s" >&2
      sleep 5 ;;
  esac
done
