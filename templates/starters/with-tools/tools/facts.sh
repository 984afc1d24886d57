#!/bin/sh
# facts.sh count --folder=<folder>: prints one JSON object.
set -e

folder=.
for argument in "$@"; do
	case $argument in
		--folder=*) folder=${argument#--folder=} ;;
	esac
done

cd "$folder"
files=$(find . -type f -not -path '*/.*' | wc -l)
lines=$(find . -type f -not -path '*/.*' -exec cat {} + | wc -l)
printf '{"files": %d, "lines": %d}\n' "$files" "$lines"
