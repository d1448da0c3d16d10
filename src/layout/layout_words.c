/* layout_words.c — see layout_words.h. */
#include "layout/layout_words.h"

/* X(rule, ja, en): docs/layout.md has the same words (tests compare). */
#define RULE_WORDS(X)                                                                \
	X("nfc", "組み合わせ文字と互換漢字を普通の字に",                             \
	    "combining characters and compatibility kanji as the usual ones")        \
	X("ivs-strip", "異体字選択符を除く", "variation selectors dropped")          \
	X("gaiji-refuse", "外字は受け付けない",                                      \
	    "private use characters refused")                                        \
	X("kana-half", "カナは半角（濁点は別の一字）",                               \
	    "kana in half width, the voicing mark a character of its own")           \
	X("kana-full", "カナは全角", "kana in full width")                           \
	X("latin-half", "英字は半角", "letters in half width")                       \
	X("latin-full", "英字は全角", "letters in full width")                       \
	X("latin-upper", "英字は大文字", "letters capital")                          \
	X("latin-lower", "英字は小文字", "letters small")                            \
	X("digit-half", "数字は半角", "digits in half width")                        \
	X("digit-full", "数字は全角", "digits in full width")                        \
	X("sign-half", "記号は半角（中黒はカナの規則による）",                       \
	    "other signs in half width; ・ goes with the kana")                      \
	X("sign-full", "記号は全角", "other signs in full width")                    \
	X("to-katakana", "ひらがなはカタカナに", "hiragana as katakana")             \
	X("to-hiragana", "カタカナはひらがなに", "katakana as hiragana")             \
	X("kana-large", "小書きは大書き", "small kana large")                        \
	X("long:hyphen", "長音はハイフン", "the long mark a hyphen")                 \
	X("long:mark", "長音は「ー」", "a hyphen behind kana the long mark")         \
	X("long:drop", "長音は落とす", "the long mark left out")                     \
	X("long:vowel", "長音は直前の母音",                                          \
	    "the long mark the vowel before it")                                     \
	X("voiced:compose", "濁点は合わせて一字",                                    \
	    "kana and voicing mark one character")                                   \
	X("voiced:split", "濁点は別の一字",                                          \
	    "the voicing mark a character of its own")                               \
	X("wo:o", "ヲはオ", "ヲ as オ")                                              \
	X("wi:i", "ヰはイ", "ヰ as イ")                                              \
	X("we:e", "ヱはエ", "ヱ as エ")                                              \
	X("vu:split", "ヴはウと濁点", "ヴ as ウ and mark")                           \
	X("vu:b", "ヴァの類はバの類",                                                \
	    "ヴァ ヴィ ヴ ヴェ ヴォ as バ ビ ブ ベ ボ")                              \
	X("ka-ke:large", "ヵ・ヶはカ・ケ", "ヵ ヶ as カ ケ")                         \
	X("ka-ke:ga", "ヵ・ヶはガ", "ヵ ヶ as ガ")                                   \
	X("iteration-expand", "踊り字はひらく", "iteration marks written out")       \
	X("dash-fold", "横線の類はハイフン", "dashes of all kinds the hyphen")       \
	X("space-fold", "特殊な空白は普通の空白に",                                  \
	    "odd spaces as plain ones; half and full width stay")                    \
	X("space:none", "空白は除く", "no spaces")                                   \
	X("space:half", "空白は半角", "spaces in half width")                        \
	X("space:full", "空白は全角", "spaces in full width")                        \
	X("space:one", "続く空白は一つ",                                             \
	    "one space of several, none at the ends")                                \
	X("dot:drop", "中黒は除く", "中黒 left out")                                 \
	X("dot:period", "中黒はピリオド", "中黒 a period")                           \
	X("dot:space", "中黒は空白", "中黒 a space")                                 \
	X("zengin:branch",                                                           \
	    "全銀の店舗名の字だけ（カナ・英大文字・数字・ハイフン）",                \
	    "as zengin branch names: kana, capitals, digits, -")                     \
	X("zengin:holder", "全銀の口座名義の字だけ（空白 ( ) - . も）",              \
	    "as zengin holders: also space ( ) - .")                                 \
	X("zengin:payroll",                                                          \
	    "全銀の給与振込の字だけ（カナ・数字・空白。長音は受け付けない）",        \
	    "as zengin payroll: kana, digits, space; ー refused")                    \
	X("zengin:edi", "全銀のEDI情報の字だけ（ヲ ｢ ｣ / も）",                      \
	    "as zengin EDI: also ヲ ｢ ｣ /")                                          \
	X("corp:abbrev", "法人格は略語（かっこは半角）",                             \
	    "legal forms abbreviated, ( ) in half width")                            \
	X("corp:expand", "法人格の略語はひらく",                                     \
	    "abbreviated legal forms written out")                                   \
	X("corp:remove", "法人格は除く", "legal forms left out")                     \
	X("corp-office", "営業所などは略語", "offices abbreviated")                  \
	X("corp-office:expand", "営業所などの略語はひらく",                          \
	    "abbreviated offices written out")                                       \
	X("corp-office:remove", "営業所などは除く", "offices left out")              \
	X("corp-business", "事業の種類は略語",                                       \
	    "kinds of business abbreviated")                                         \
	X("corp-business:expand", "事業の種類の略語はひらく",                        \
	    "abbreviated kinds of business written out")                             \
	X("corp-business:remove", "事業の種類は除く",                                \
	    "kinds of business left out")                                            \
	X("name-order:family-first", "英字名は姓・名の順",                           \
	    "a name with a comma: family name first")                                \
	X("name-order:given-first", "英字名は名・姓の順",                            \
	    "a name with a comma: given name first")                                 \
	X("name-middle:keep", "ミドルネームは残す", "middle names stay")             \
	X("name-middle:drop", "ミドルネームは落とす", "middle names left out")       \
	X("addr-fold", "丁目・番・号はハイフン、数字は半角、空白は除く",             \
	    "丁目 番 号 as hyphens, digits half, no spaces")                         \
	X("addr-number:kanji", "住所の数は漢数字",                                   \
	    "numbers before 丁目 番地 番 号 in kanji")                               \
	X("addr-number:arabic", "住所の数は算用数字",                                \
	    "numbers before 丁目 番地 番 号 in digits")                              \
	X("addr-block:hyphen", "丁目・番・号はハイフンでつなぐ",                     \
	    "丁目 番 号 as hyphens")                                                 \
	X("addr-block:words", "三つの数は丁目・番・号（二つは推測しない）",          \
	    "three numbers as 丁目 番 号; two stay")                                 \
	X("addr-oaza:drop", "大字は除く（町名のあとの字は残す）",                    \
	    "大字 left out; 字 behind a municipality alone")                         \
	X("addr-building:drop", "建物名は除く", "the building left out")             \
	X("postal:plain", "郵便番号はハイフンなし",                                  \
	    "a postal code without hyphen")                                          \
	X("postal:hyphen", "郵便番号はハイフン入り",                                 \
	    "a postal code with hyphen")                                             \
	X("cut-bytes", "次のバイト数で切る:", "cut at so many bytes:")               \
	X("cut-chars", "次の字数で切る:", "cut at so many characters:")              \
	X("kanji:0208:refuse", "JIS X 0208にない字は受け付けない",                   \
	    "outside JIS X 0208: refused")                                           \
	X("kanji:0208:hold", "JIS X 0208にない字は人が判断する",                     \
	    "outside JIS X 0208: held for a person")                                 \
	X("kanji:0208:first",                                                        \
	    "JIS X 0208にない字は縮退の第一候補（なければ受け付けない）",            \
	    "outside JIS X 0208: the first candidate of MJ縮退マップ, else refused") \
	X("kanji:0208:geta", "JIS X 0208にない字は〓",                               \
	    "outside JIS X 0208: 〓")                                                \
	X("kanji:0213:refuse", "JIS X 0213にない字は受け付けない",                   \
	    "outside JIS X 0213: refused")                                           \
	X("kanji:0213:hold", "JIS X 0213にない字は人が判断する",                     \
	    "outside JIS X 0213: held for a person")                                 \
	X("kanji:0213:first",                                                        \
	    "JIS X 0213にない字は縮退の第一候補（なければ受け付けない）",            \
	    "outside JIS X 0213: the first candidate of MJ縮退マップ, else refused") \
	X("kanji:0213:geta", "JIS X 0213にない字は〓",                               \
	    "outside JIS X 0213: 〓")                                                \
	X("kanji:cp932:refuse", "CP932にない字は受け付けない",                       \
	    "outside CP932: refused")                                                \
	X("kanji:cp932:hold", "CP932にない字は人が判断する",                         \
	    "outside CP932: held for a person")                                      \
	X("kanji:cp932:first",                                                       \
	    "CP932にない字は縮退の第一候補（なければ受け付けない）",                 \
	    "outside CP932: the first candidate of MJ縮退マップ, else refused")      \
	X("kanji:cp932:geta", "CP932にない字は〓", "outside CP932: 〓")

struct words {
	const char *of;
	const char *ja;
	const char *en;
};

static const struct words rule_words[] = {
#define WORDS_(of, ja, en) {of, ja, en},
    RULE_WORDS(WORDS_)
#undef WORDS_
};

/* Of an item, what a code of ours means (docs/interface.md §8, §9). */
static const struct {
	const char *item;
	struct words code;
} code_words[] = {
    {"属性(人格)", {"1", "個人", "person"}},
    {"属性(人格)", {"2", "法人", "corporation"}},
    {"属性(人格)", {"3", "その他", "other"}},
    {"性別", {"0", "不明", "unknown"}},
    {"性別", {"1", "男", "male"}},
    {"性別", {"2", "女", "female"}},
    {"性別", {"9", "適用不能", "not applicable"}},
    {"口座種別", {"1", "普通", "ordinary"}},
    {"口座種別", {"2", "当座", "current"}},
    {"口座種別", {"3", "納税準備", "tax"}},
    {"口座種別", {"4", "貯蓄", "savings"}},
    {"口座種別", {"5", "通知", "notice"}},
    {"口座種別", {"6", "定期", "term"}},
    {"口座種別", {"7", "積立定期", "term by instalments"}},
    {"口座種別", {"8", "定期積金", "instalments"}},
    {"口座種別", {"9", "その他", "other"}},
    {"種類", {"1", "貸出金", "loan"}},
    {"種類", {"2", "担保", "pledge"}},
    {"種類", {"3", "保証", "guarantee"}},
    {"種類", {"4", "貸金庫", "safe"}},
    {"種類", {"5", "出資金", "shares"}},
    {"種類", {"6", "保護預", "custody"}},
    {"種類", {"9", "その他", "other"}},
    {"ステータスコード", {"0", "取引中", "active"}},
    {"ステータスコード", {"1", "解約", "closed"}},
    {"ステータスコード", {"2", "休眠", "dormant"}},
    {"ステータスコード", {"3", "死亡", "dead"}},
    {"ステータスコード", {"4", "係争", "disputed"}},
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

const char *layout_words_rule(struct text rule, bool ja, size_t *n)
{
	const struct words *best = NULL;

	for (size_t i = 0; i < COUNT(rule_words); i++) {
		size_t m = strlen(rule_words[i].of);
		bool fits = rule.n >= m &&
			    memcmp(rule.p, rule_words[i].of, m) == 0 &&
			    (rule.n == m || rule.p[m] == ':');

		if (!fits || (best != NULL && strlen(best->of) >= m))
			continue;
		best = &rule_words[i];
		*n = m;
	}
	if (best == NULL)
		return NULL;
	return ja ? best->ja : best->en;
}

const char *layout_words_code(
    const struct layout_column *c, const struct layout_pair *p, bool ja)
{
	const char *item = layout_item_name(c);

	if (c->op == OP_CLASS)
		return ja ? answer_class_ja(p->class) : p->ours.p;
	if (c->type == ITEM_FLAG)
		return text_is(p->ours, "1") ? (ja ? "有" : "yes")
					     : (ja ? "無" : "no");
	for (size_t i = 0; i < COUNT(code_words); i++)
		if (strcmp(code_words[i].item, item) == 0 &&
		    text_is(p->ours, code_words[i].code.of))
			return ja ? code_words[i].code.ja
				  : code_words[i].code.en;
	return p->ours.p;
}
