#!/bin/sh
# Ctrl-C in the middle of a demo: exit status 130, the files of an earlier run as they were, and nothing half-written
# beside them.    $1: a demo that trains for seconds and leaves several files    $2: a folder for this test alone
set -eu

rm -rf "$2"
mkdir -p "$2/gallery"
name=$(basename "$1")
for file in "$name.json" "$name.svg"; do echo "the earlier run's $file" >"$2/gallery/$file"; done
cp -r "$2/gallery" "$2/before"

"$1" --quick --out "$2/gallery" >"$2/out" 2>"$2/err" &
demo=$!
waited=0
until grep -q '%' "$2/err"; do    # its progress: training has begun
    waited=$((waited + 1))
    [ "$waited" -le 300 ] || { kill "$demo"; echo "no progress in 30 seconds"; exit 1; }
    sleep 0.1
done
kill -INT "$demo"
status=0
wait "$demo" || status=$?

[ "$status" -eq 130 ] || { echo "expected exit status 130, got $status"; cat "$2/err"; exit 1; }
grep -q "^$name: interrupted; the files of an earlier run are as they were\$" "$2/err" || { cat "$2/err"; exit 1; }
diff -r "$2/before" "$2/gallery"
