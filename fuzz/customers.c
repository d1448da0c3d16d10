/* customers.c — the four files of a bank, into its real database. The first
 * byte says which file the rest is; the others are right. */
#include "fuzz.h"
#include "parties/bank.h"

static const struct {
	const char *name;
	const char *right;
} files[] = {
    {"customers.csv",
	"顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別,"
	"郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態\n"
	"1,1,ｶｸｳ ﾀﾛｳ,架空太郎,,1970-01-02,1,1000001,架空町1,,,,,0\n"},
    {"accounts.csv",
	"顧客番号,名義順,店番,口座種別,口座番号,残高,満期日,最終取引日,"
	"開設日,状態,給与振込有無,年金振込有無\n"
	"1,1,001,1,0000001,5,,,,0,,\n"},
    {"transactions.csv",
	"金融機関コード,店番,口座種別,口座番号,連番,取引日,起算日,出金,入金,"
	"残高,摘要\n9601,001,1,0000001,1,2026-01-01,,5,,5,架空\n"},
    {"others.csv", "顧客番号,種類,連番,名称,金額,口数,日付,摘要\n"
		   "1,1,1,架空,5,,2026-01-01,\n"},
};
#define FILES (sizeof(files) / sizeof(*files))

static void fill(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 1, n);
}

/* No file of the database may reach a disk that syncs: TMPDIR decides. */
static struct store *database(void)
{
	static struct store *s;
	char url[400];
	struct err e;

	if (s != NULL)
		return s;
	(void)snprintf(url, sizeof(url), "sqlite:%s/bank.db", fuzz_folder());
	fuzz_require(
	    store_open(url, STORE_BANK, STORE_CREATE, &s, &e) == ERR_NONE);
	for (size_t i = 0; i < FILES; i++)
		(void)fuzz_file(
		    files[i].name, text_bytes(text_z(files[i].right)));
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	size_t which = fuzz_byte(&in) % FILES;
	struct arena a = {0};
	struct refusals refusals = {0};
	struct party_context c = {
	    .store = database(), .random = {.fill = fill}, .arena = &a};
	struct bank_import i = {.dir = fuzz_folder(),
	    .as_of = "2026-01-01",
	    .max_error_percent = 50,
	    .refusals = &refusals};
	struct err e;

	(void)fuzz_file(files[which].name, in);
	fuzz_no_fault(bank_import(&c, &i, &e), &e);
	fuzz_require(refusals.count == i.refused);
	(void)fuzz_file(
	    files[which].name, text_bytes(text_z(files[which].right)));
	arena_fini(&a);
	return 0;
}
