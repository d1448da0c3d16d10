#!/bin/sh
# Tests of `shokai text`: $1 is the program.
set -eu

shokai=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LANG=C.UTF-8
export LANG
failed=0

# same WHAT WANTED GOT
same() {
	if [ "$2" != "$3" ]; then
		printf 'FAILED %s\nwanted: %s\ngot:    %s\n' "$1" "$2" "$3"
		failed=1
	fi
}

# exits CODE ARGUMENTS…: stdin from $work/in, stdout to $work/out
exits() {
	code=0
	want=$1
	shift
	"$shokai" text "$@" <"$work/in" >"$work/out" 2>"$work/err" || code=$?
	same "exit of $*" "$want" "$code"
}

printf 'x\n' >"$work/in"
exits 2
exits 2 --rules foo
exits 2 --rules long:o
exits 2 --rules nfc --from ibm930
exits 2 --rules nfc --trace -
exits 3 --rules nfc "$work/missing"

printf 'ヨーコ\r\nヨウコ\n\nキ' >"$work/in"
exits 1 --rules zengin:payroll --lang en --trace "$work/trace"
same 'refused lines are empty' "$(printf '\nﾖｳｺ\n\nｷ')" "$(cat "$work/out")"
same 'trace' '{"line":1,"rule":"zengin:payroll","at":1,"before":"ヨ","after":"ﾖ","loss":"informational"}
{"line":1,"rule":"zengin:payroll","at":2,"char":"U+30FC","refused":"a character that this class does not have"}
{"line":2,"rule":"zengin:payroll","at":1,"before":"ヨ","after":"ﾖ","loss":"informational"}
{"line":2,"rule":"zengin:payroll","at":2,"before":"ウ","after":"ｳ","loss":"informational"}
{"line":2,"rule":"zengin:payroll","at":3,"before":"コ","after":"ｺ","loss":"informational"}
{"line":4,"rule":"zengin:payroll","at":1,"before":"キ","after":"ｷ","loss":"informational"}' \
	"$(cat "$work/trace")"
same 'no personal data on stderr' '' "$(grep -E 'ヨ|ー|30FC' "$work/err" || :)"
exits 3 --rules nfc --trace "$work/trace"

printf 'キャノン\n' >"$work/in"
exits 0 --rules kana-large --trace "$work/large"
same 'trace of a small kana' \
	'{"line":1,"rule":"kana-large","at":2,"before":"ャ","after":"ヤ","loss":"material"}' \
	"$(cat "$work/large")"

printf 'ガクブチ\n' >"$work/in"
exits 0 --rules zengin:holder --to zengin
same 'ガクブチ in zengin' 'b6deb8ccdec10a' \
	"$(od -An -tx1 "$work/out" | tr -d ' \n')"
printf '髙﨑\n〜\n～\n' >"$work/in"
exits 0 --rules nfc --to=cp932
same 'CP932' 'fbfcfab10a81600a81600a' \
	"$(od -An -tx1 "$work/out" | tr -d ' \n')"
cp "$work/out" "$work/in"
exits 0 --rules nfc --from cp932
same 'and back' "$(printf '髙﨑\n～\n～')" "$(cat "$work/out")"
printf '¥\nA\n' >"$work/in"
exits 1 --rules nfc --to cp932
same 'the yen sign is no backslash' "$(printf '\nA')" "$(cat "$work/out")"
printf '山1\n¢\n' >"$work/in"
exits 0 --rules nfc --to ibm930
same 'EBCDIC between shifts, its own line feed' '0e45650ff125b125' \
	"$(od -An -tx1 "$work/out" | tr -d ' \n')"
exits 2 --rules nfc --from ibm939
{
	printf '1211%0116d\n' 0
	printf 'A\n'
} >"$work/in"
exits 1 --rules nfc --from zengin --lang en --trace "$work/marked"
same 'a file that says it is in EBCDIC is refused whole' "$(printf '\n\n.')" \
	"$(cat "$work/out"; printf .)"
same 'and the trace says why' 2 \
	"$(grep -c '"rule":"from:zengin".*a file in EBCDIC' "$work/marked")"
{
	printf '1210%0116d\n' 0
	printf 'A\n'
} >"$work/in"
exits 0 --rules nfc --from zengin
printf '\357\273\277ｱ\n\357\273\277ｱ\n' >"$work/in"
exits 1 --rules nfc --to zengin
same 'a mark of UTF-8 is no text, and only the first is one' 'b10a0a' \
	"$(od -An -tx1 "$work/out" | tr -d ' \n')"
printf '\357\273\277\261\n\261\n' >"$work/in"
exits 1 --rules nfc --from zengin --lang en --force --trace "$work/marked"
same 'a byte order mark in a legacy file refuses it whole' 2 \
	"$(grep -c '"rule":"from:zengin".*a byte order mark' "$work/marked")"
printf '山\356\200\200\nA\n' >"$work/in"
exits 1 --rules kana-half --lang en --trace "$work/gaiji"
same '外字 are never passed on' '{"line":1,"rule":"to:utf-8","at":2,"char":"U+E000","refused":"not in this encoding"}' \
	"$(cat "$work/gaiji")"
printf '\376\377\000a\n' >"$work/in"
exits 1 --rules nfc
printf 'カ゛ﾞ\n' >"$work/in"
exits 0 --rules voiced:compose --lang en --trace "$work/stranded"
same 'a stranded mark stays' 'ガﾞ' "$(cat "$work/out")"
same 'and the trace tells of it' \
	'{"line":1,"rule":"voiced:compose","at":3,"char":"U+FF9E","found":"a voicing mark that no kana before it carries"}' \
	"$(sed 1d "$work/stranded")"
printf 'a\000b\nc\n\343\201\n' >"$work/in"
exits 1 --rules nfc
same 'NUL and truncated UTF-8 are refused' "$(printf '\nc\n')" \
	"$(cat "$work/out")"

# A line over 64 KiB is refused alone.
{
	head -c 70000 /dev/zero | tr '\000' a
	echo
	echo b
	head -c 900000 /dev/zero | tr '\000' a
	echo
	echo c
	head -c 70000 /dev/zero | tr '\000' a
} >"$work/in"
exits 1 --rules nfc
same 'too long lines' "$(printf '\nb\n\nc\n')" "$(cat "$work/out")"
same 'a line out for each line in' 5 "$(wc -l <"$work/out" | tr -d ' ')"

# Standard input too (a FILE argument elsewhere).
exits 0 --list --json
same 'keys of --list' '"rule","args","loss","idempotent","built","source","version"' \
	"$(head -n 1 "$work/out" | grep -o '"[a-z]*":' | tr -d ':' | paste -sd , -)"

[ "$failed" = 0 ] && echo '1 passed, 0 failed'
exit "$failed"
