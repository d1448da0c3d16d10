#!/bin/sh
# diff.sh SHOKAI ROOT — `layout diff`: nothing for the same rules, and for
# revised ones exactly whose items change, how, and with what loss.
set -eu
shokai=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

layout() { # encoding columns
	cat <<EOF
layout: 1
institution: {code: "9699", name: 架空試験銀行}
valid_from: 2026-10-01
encoding: $1
form: csv
request:
  file_name: "a{seq}"
  detail:
    columns:
      - {item: 管理番号}
$2
answer:
  detail:
    columns:
      - {item: 管理番号}
      - {item: 回答区分, map: {found: "1", none: "2", review: "3",
         partial: "4", paper: "5", invalid: "6", refused: "7"}}
EOF
}

layout utf-8 '      - {item: カナ氏名, rules: "space:half"}
      - {item: 漢字氏名}
      - {item: 住所}' >old.yaml
layout cp932 '      - {item: カナ氏名, rules: "kana-large,space:half", loss: allow}
      - {item: 漢字氏名}
      - {item: 住所, width: 20, cut: true}' >new.yaml
cat >subjects.csv <<EOF
宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,科目,滞納額
0001,1,ヤマダ タロウ,山田 太郎,1980-01-02,千代田区,1,100
0002,1,キャノン ヨウコ,観音 洋子,1980-01-02,東京都新宿区西新宿１丁目,1,100
0003,1,ヨシノ ハナ,𠮷野 花,1980-01-02,千代田区,1,100
EOF

"$shokai" layout diff old.yaml old.yaml --subjects subjects.csv >same.csv ||
	fail "the same rules differ"
[ "$(wc -l <same.csv)" = 1 ] || fail "the same rules print more than a header"

code=0
"$shokai" layout diff old.yaml new.yaml --subjects subjects.csv >got.csv ||
	code=$?
[ $code = 1 ] || fail "exit $code for rules that differ"
# From the rule: 20 bytes of CP932 are ten characters of the address; 𠮷 is in
# no code page 932.
cat >due.csv <<EOF
宛名番号,項目,旧,新,損失
,文字コード,utf-8,cp932,
0002,カナ氏名,キャノン ヨウコ,キヤノン ヨウコ,material
0002,住所,東京都新宿区西新宿１丁目,東京都新宿区西新宿１,material
0003,漢字氏名,,保留 cp932,held
EOF
tr -d '\r' <got.csv | diff - due.csv || fail "other differences"

"$shokai" layout diff new.yaml old.yaml --subjects subjects.csv --json \
	>got.json && fail "exit 0 for rules that differ"
grep -q '"subject":"0003","item":"漢字氏名","before":"保留 cp932","after":"","loss":""' \
	got.json || fail "the record that is no longer held is not told"

# A column put in moves those behind it, in the file of either way.
sed -e 's/      - {item: 漢字氏名}/      - {item: 性別}\n&/' \
	-e 's/{item: 回答区分/{item: 口座番号}\n      - &/' old.yaml >moved.yaml
"$shokai" layout diff old.yaml moved.yaml --subjects subjects.csv \
	>moved.csv && fail "exit 0 for columns that moved"
cat >due.csv <<EOF
,漢字氏名,照会のデータ 3列目,照会のデータ 4列目,
,住所,照会のデータ 4列目,照会のデータ 5列目,
,性別,,照会のデータ 3列目,
,回答区分,回答のデータ 2列目,回答のデータ 3列目,
,口座番号,,回答のデータ 2列目,
EOF
tr -d '\r' <moved.csv | grep '^,' | diff - due.csv || fail "other places"

code=0
"$shokai" layout diff old.yaml missing.yaml --subjects subjects.csv \
	2>/dev/null || code=$?
[ $code = 3 ] || fail "exit $code for a file that is not there"

echo '1 passed, 0 failed'
