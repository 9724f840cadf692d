#!/bin/sh
# Follow the feed with curl and jq: one line for each alert. The cursor of the last one is in a file, so that nothing is missed or told twice.
#
# URL=https://geo.example KEY=gs_… sh follow.sh
set -eu
cursor_file=${CURSOR_FILE:-cursor}
while :; do
  cursor=$(cat "$cursor_file" 2>/dev/null || echo 0)
  if page=$(curl -sf -H "Authorization: Bearer $KEY" "$URL/api/v1/alerts?after=$cursor&wait=25"); then
    echo "$page" | jq -r '.items[] | [.cursor, .type, (.conflict_id // .repair_id // "")] | join(" ")'
    echo "$page" | jq .last > "$cursor_file"
  else
    sleep 5
  fi
done
