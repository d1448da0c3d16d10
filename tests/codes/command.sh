#!/bin/sh
# Tests of `shokai code`: $1 is the program.
set -eu

shokai=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# exits CODE ARGUMENTS…
exits() {
	code=0
	want=$1
	shift
	"$shokai" code "$@" >"$work/out" 2>"$work/err" || code=$?
	if [ "$code" != "$want" ]; then
		echo "FAILED: $* exits $code"
		failed=1
	fi
}

# says WHAT: in the last output or its refusal
says() {
	if ! grep -qF "$1" "$work/out" "$work/err"; then
		echo "FAILED: no $1"
		failed=1
	fi
}

exits 1 check branch 0001-002
exits 1 check branch 1234
exits 1 check corporate-number 123456789018
says code.individual_number
exits 1 check municipality 131040
exits 0 check branch 0001001
says 0001-001
exits 0 show institution 0180 --on 2020-10-01
says '"code":"0181"'
exits 1 show institution 0180 --on 2020-09-30
exits 0 show yucho 17300-19927651
says '{"branch":"738","account":"1992765"}'

exits 0 show yucho 00120-1-123456
says '{"branch":"019","account":"0123456"}'
exits 1 check yucho 17300-2-19927651
exits 1 check yucho 00120-12-123456
exits 0 check institution 1
says 0001
exits 1 check institution 00001
exits 0 check branch 1-1
says 0001-001
exits 1 check branch 0001-
exits 0 check institution 0180 --on 2020-10-01
says 0181
exits 1 check address ''
exits 0 check address '西新宿二丁目8番1号'
says 西新宿2-8-1
exits 0 show address '西新宿2-8-1 第一ビル305' --postal 東京都新宿区西新宿
says '"prefecture":"東京都","municipality":"新宿区","town":"西新宿","block":"2-8-1","building":"第一ビル305","filled":true'

printf '%s' 'module.exports = {"9998":{"code":"9998","name":"甲","kana":"コウ",
"branches":{"001":{"code":"001","name":"本店","kana":"ホンテン"}}}};' \
	>"$work/new.js"
exits 2 import "$work/new.js"
exits 3 import "$work/missing" --out "$work"
printf '{"1":{"code":"1","name":"x","kana":"x"}}' >"$work/bad.js"
exits 3 import "$work/bad.js" --out "$work"
says codes.table
exits 0 import "$work/new.js" --out "$work"
says '{"institutions":1,"branches":1}'
exits 3 import "$work/new.js" --out "$work"
exits 0 show branch 9998-001 --tables "$work"
says '"name":"本店"'
exits 1 check institution 0001 --tables "$work"
printf '9998\t001\tx\n' >>"$work/zengin-branches.tsv"
exits 3 check branch 9998-001 --tables "$work"

[ "$failed" = 0 ] && echo '1 passed, 0 failed'
exit "$failed"
