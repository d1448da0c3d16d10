#!/bin/sh
# The commands layout, convert and cleanse as a person runs them.
# usage: convert.sh PROGRAM SOURCE
set -eu
program=$(realpath "$1")
source=$(realpath "$2")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
layouts=$source/layouts
wave="--basis jumin-331-6 --base-date 2026-10-01 --period 2025-10-01/2026-09-30"

fail() {
	echo "failed: $1" >&2
	exit 1
}
# expect EXIT COMMAND…: the program ends with that exit code.
expect() {
	due=$1
	shift
	got=0
	"$program" "$@" >out 2>err || got=$?
	[ "$got" = "$due" ] || { cat out err >&2; fail "$* gave $got, due $due"; }
}
# convert [OPTIONS] LAYOUTS: of s.csv into o
convert() {
	due=$1
	shift
	# shellcheck disable=SC2086
	expect "$due" convert --in s.csv --out o $wave "$@"
}

head='宛名番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,住所,科目,滞納額,金融機関コード,支店番号,口座種別,口座番号,顧客番号'
row() {
	printf '%s,1,%s,%s,,1985-04-09,東京都新宿区四谷1-1,%s,100,%s\r\n' "$@"
}

# Refusals: nothing is left behind.
expect 2 convert --in s.csv
printf '%s\r\n' "$head" >s.csv
row 1 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,' >>s.csv
row 2 'サトウ "' '佐藤' 1 ',,,,' >>s.csv
convert 3 --layout "$layouts/9601/2025-04-01.yaml"
[ ! -e o/keys.csv ] && [ -z "$(find o -type f)" ] || fail 'files of a run that failed'
expect 3 convert --in s.csv --out o --basis no-such --base-date 2026-10-01 \
	--period 2025-10-01/2026-09-30 --layout "$layouts/9601/2025-04-01.yaml"
grep -q '"wave.basis"' err || fail 'basis not refused'
printf 'layout: 1\n' >bad.yaml
expect 1 layout check bad.yaml
grep -q '^bad.yaml:1:1: layout.syntax: ' out || fail 'no place in layout check'
expect 1 layout test bad.yaml
convert 3 --layout bad.yaml

# Two rows of one 宛名番号 are one inquiry; 𠮷 is held by the CP932 layout;
# a known account goes to its own institution alone.
{
	printf '%s\r\n' "$head"
	row 007 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,'
	row 007 'サトウ ヨーコ' '佐藤 洋子' 3 '9602,123,1,7654321,55'
	row 8 'ヨシダ ジュン' '𠮷田 純' 2 ',,,,'
	row 8 'ヨシダ ジュン' '𠮷田 順' 1 ',,,,'
	row 007 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,'
} >s.csv
convert 1 --layout "$layouts/9601/2025-04-01.yaml" "$layouts/9602/2025-04-01.yaml"
grep -q '"subjects.conflict"' err || fail 'no conflict'
grep -q '"subjects.duplicate"' err || fail 'no duplicate'
[ "$(wc -l <o/keys.csv)" = 4 ] || fail 'keys.csv'
grep -q ',007,1|3,9601' o/keys.csv || fail 'claims of one person'
grep -q ',8,.*,9602,漢字氏名,cp932,1,𠮷,' o/hold.csv || fail 'hold.csv'
grep -q '"records":4,"written":3,"held":1,"files":2,' o/summary.json ||
	fail 'summary.json'
grep -q 7654321 o/9601/* && fail 'an account told to another institution'
iconv -f cp932 -t utf-8 o/9602/9602-20261001-001.CSV >utf8
grep -q '"ｻﾄｳ ﾖ-ｺ","佐藤 洋子",.*"123","S","7654321","55"' utf8 ||
	fail 'the bytes of 9602'
convert 3 --layout "$layouts/9601/2025-04-01.yaml"
grep -q '"file.exists"' err || fail 'files replaced without --force'

# A 宛名番号 of any length stands in keys.csv digit for digit, and is told from
# those that differ from it in zeros alone; 4444 is one that comes again later.
many='0 9 00 08 770 0123 4444 55555 000000 7777777 08888888 987654321
	1234567890 00000000000 112233445566 1234567890123 01234567890123
	123456789012345 999999999999999'
{
	printf '%s\r\n' "$head"
	for n in $many; do
		row "$n" 'サトウ ヨーコ' '佐藤 洋子' 2 ',,,,'
	done
	row 4444 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,'
} >many.csv
expect 0 convert --in many.csv --out many $wave \
	--layout "$layouts/9601/2025-04-01.yaml"
for n in $many; do
	echo "$n"
done >asked
sed '1d; s/^[^,]*,//; s/,.*//' many/keys.csv | cmp -s - asked ||
	fail '宛名番号 in keys.csv'
grep -q ',4444,2|1,9601' many/keys.csv || fail 'a claim that stands apart'

# The first file is number 1, whatever is held before its first record; so it
# is where a file begins with nothing.
sed 's/persons: \["1", "2", "3"\]/persons: ["1"]/' \
	"$layouts/9631/2025-04-01.yaml" >2025-04-01.yaml
{
	printf '%s\r\n' "$head"
	row 1 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,' | sed s/,1,/,2,/
	row 2 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,' | sed s/,1,/,2,/
	row 3 'サトウ ヨーコ' '佐藤 洋子' 1 ',,,,'
} >held.csv
expect 1 convert --in held.csv --out held $wave --layout 2025-04-01.yaml
[ "$(ls held/9631)" = 9631_20261001_001.jsonl ] || fail 'the first file'

# One answer of two is there; the other is missing; a third was never asked.
first=$(sed -n 2s/,.*//p o/keys.csv)
other=$(sed -n 4s/,.*//p o/keys.csv)
answer() {
	printf 'D,%s,2,,,,,,,,,,,,,,,,,,,,,,,,,,,0\r\n' "$1"
}
{
	printf 'H,131041-001-9601-0001,9601\r\n'
	answer "$first"
	answer "$first"
	answer "$other"
	printf 'T,3,3\r\n'
} >a.csv
expect 1 cleanse --layout "$layouts/9601/2025-04-01.yaml" --in a.csv \
	--keys o/keys.csv --out c/d
grep -q '"answer.repeated"' err || fail 'a repeated answer'
grep -q '"answer.unknown_number"' err || fail 'an answer nobody asked for'
grep -q '"answer.missing"' err || fail 'a missing answer'
[ "$(wc -l <c/d/answers.csv)" = 3 ] || fail 'a row for every inquiry'
grep -q "^007,該当なし,0,0,.*$first" c/d/answers.csv || fail answers.csv
[ "$(wc -l <c/d/hold.csv)" = 4 ] || fail 'hold.csv of cleanse'
{
	head -1 o/keys.csv
	tail -n +2 o/keys.csv | tac
} >keys.csv
cmp -s keys.csv o/keys.csv && fail 'keys in another order'
expect 1 cleanse --layout "$layouts/9601/2025-04-01.yaml" --in a.csv \
	--keys keys.csv --out f
sort c/d/answers.csv >one
sort f/answers.csv >other
cmp one other || fail 'the same answers, whatever the order of the keys'
sed 's/^T,3/T,4/' a.csv >b.csv
expect 3 cleanse --layout "$layouts/9601/2025-04-01.yaml" --in b.csv \
	--keys o/keys.csv --out e
grep -q '"answer.count"' err || fail 'a damaged count'
[ -z "$(find e -type f)" ] || fail 'files of a refused cleanse'

expect 0 layout test "$layouts"/960[1-6]/2025-04-01.yaml
[ "$(tail -1 out)" = '60 passed, 0 failed' ] || fail 'layout test'
expect 0 layout show "$layouts/9603/2025-04-01.yaml" --lang ja
grep -q '電子照会ファイル仕様書' out || fail 'layout show'
# In a clerk's words: whose item a column is, what a code means, what is done.
expect 0 layout show "$layouts/9618/2025-04-01.yaml" --lang ja
for words in '期間自（照会対象期間）' '男→1' '該当あり→10' 'ヲはオ、ヰはイ' \
	'普通→1' '区切り: カンマ' '3桁ごとにカンマ' 'その他取引の金額の合計'; do
	grep -q "$words" out || fail "layout show: $words"
done
expect 0 layout show "$layouts/9609/2025-04-01.yaml" --lang ja
grep -q '  - kokuchou-141 国税徴収法.*第141条$' out || fail 'basis in full'

echo '1 passed, 0 failed'
