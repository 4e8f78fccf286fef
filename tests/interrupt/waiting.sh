#!/bin/sh
# One signal ends a demo that waits for the text of a pipe into which nobody writes.
#     $1: a demo that takes --corpus    $2: a folder for this test alone
set -eu

rm -rf "$2"
mkdir -p "$2"
mkfifo "$2/pipe"
"$1" --quick --corpus "$2/pipe" --out "$2/gallery" >"$2/out" 2>"$2/err" &
demo=$!
sleep 0.5
kill -TERM "$demo"
(sleep 10 && kill -KILL "$demo") >"$2/late" 2>&1 &
late=$!
status=0
wait "$demo" || status=$?
kill "$late" 2>"$2/gone" || true
[ "$status" -eq 143 ] || { echo "expected exit status 143 at once, got $status"; cat "$2/err"; exit 1; }
