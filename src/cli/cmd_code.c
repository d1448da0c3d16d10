/* cmd_code.c — shokai code: public numbers and code tables. */
#include "cli/cli.h"
#include "cli/commands.h"

#include "base/clock.h"
#include "base/file.h"
#include "codes/calendar.h"
#include "codes/codes.h"
#include "codes/number.h"
#include "codes/yucho.h"
#include "text/address.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/utf8.h"

#define TABLE_MAX (16u << 20)
#define NORMAL_MAX 1024 /* bytes of a normal form, and NUL */

/* The day of data/zengin-institutions.tsv. */
#define INSTITUTIONS_DAY "2026-08-24"

/* What was asked. */
struct ask {
	const struct codes *codes;
	struct text value;
	struct date day;    /* --on, else today */
	struct text postal; /* --postal: what the postal code stands for */
};

/* A kind of code: its normal form (false: it has none), and what it says. */
struct kind {
	const char *name;
	bool (*check)(const struct ask *q, char out[NORMAL_MAX]);
	json_t *(*show)(const struct ask *q); /* only if check said true */
};

static void copy(struct text t, char out[NORMAL_MAX])
{
	size_t n = t.n < NORMAL_MAX - 1 ? t.n : NORMAL_MAX - 1;

	memcpy(out, t.p, n);
	out[n] = '\0';
}

static json_t *string(struct text t)
{
	return json_stringn(t.p, t.n);
}

static json_t *date_string(struct date d)
{
	char z[11];

	if (d.year == 0)
		return json_null();
	date_format(d, z);
	return json_string(z);
}

static bool check_municipality(const struct ask *q, char out[NORMAL_MAX])
{
	copy(q->value, out);
	return number_is_municipality(q->value);
}

static json_t *show_municipality(const struct ask *q)
{
	const char *p = q->value.p;

	return json_pack("{s:s#,s:s#,s:s#}", "code", p, 6, "prefecture", p, 2,
	    "check_digit", p + 5, 1);
}

static bool check_corporate(const struct ask *q, char out[NORMAL_MAX])
{
	copy(q->value, out);
	return number_is_corporate(q->value);
}

static json_t *show_corporate(const struct ask *q)
{
	const char *p = q->value.p;

	return json_pack("{s:s#,s:s#,s:s#}", "corporate_number", p, 13,
	    "base_number", p + 1, 12, "check_digit", p, 1);
}

static bool check_postal(const struct ask *q, char out[NORMAL_MAX])
{
	return number_postal(q->value, out);
}

static json_t *show_postal(const struct ask *q)
{
	char z[8];

	(void)number_postal(q->value, z);
	return json_pack("{s:s,s:o}", "postal", z, "written",
	    json_sprintf("%.3s-%s", z, z + 3));
}

/* Of a code with or without its zeros before. */
static const struct codes_institution *find_institution(
    const struct ask *q, char code[5])
{
	return number_pad(q->value, 4, code)
		   ? codes_successor_on(q->codes, text_z(code), q->day)
		   : NULL;
}

static bool check_institution(const struct ask *q, char out[NORMAL_MAX])
{
	char code[5];
	const struct codes_institution *i = find_institution(q, code);

	if (i != NULL)
		copy(i->code, out);
	return i != NULL;
}

static json_t *show_institution(const struct ask *q)
{
	char code[5];
	const struct codes_institution *i = find_institution(q, code);
	const struct codes_merger *m = codes_merger_of(q->codes, text_z(code));
	json_t *j = json_pack("{s:o,s:o,s:o,s:s}", "code", string(i->code),
	    "name", string(i->name), "kana", string(i->kana), "as_of",
	    INSTITUTIONS_DAY);

	if (m != NULL &&
	    json_object_set_new(j, "merged",
		json_pack("{s:o,s:o,s:o,s:b}", "code", string(m->old), "name",
		    string(m->name), "from", date_string(m->from), "verify",
		    (int)m->verify)) != 0)
		abort();
	return j;
}

/* "0001-001" or "1-1", or "0001001": institution and branch. */
static bool branch_parts(struct text t, char institution[5], char branch[4])
{
	const char *dash = memchr(t.p, '-', t.n);
	size_t first = dash ? (size_t)(dash - t.p) : 4;
	size_t second = dash ? first + 1 : 4;

	return (dash != NULL || t.n == 7) &&
	       number_pad(text_trust(t.p, first), 4, institution) &&
	       number_pad(text_trust(t.p + second, t.n - second), 3, branch);
}

/* Not by a merger: branches are numbered anew when they go over. */
static bool find_branch(const struct ask *q, struct codes_branch *b)
{
	char institution[5];
	char branch[4];

	return branch_parts(q->value, institution, branch) &&
	       codes_branch_of(
		   q->codes, text_z(institution), text_z(branch), b);
}

static bool check_branch(const struct ask *q, char out[NORMAL_MAX])
{
	struct codes_branch b;

	if (!find_branch(q, &b))
		return false;
	(void)snprintf(out, NORMAL_MAX, "%.4s-%.3s", b.institution.p, b.code.p);
	return true;
}

static json_t *show_branch(const struct ask *q)
{
	struct codes_branch b;
	const struct codes_institution *i;

	(void)find_branch(q, &b);
	i = codes_institution_of(q->codes, b.institution);
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:s}", "institution",
	    string(b.institution), "institution_name",
	    i ? string(i->name) : json_null(), "branch", string(b.code), "name",
	    string(b.name), "kana", string(b.kana), "as_of", INSTITUTIONS_DAY);
}

static bool check_account(const struct ask *q, char out[NORMAL_MAX])
{
	return number_account(q->value, out);
}

static json_t *show_account(const struct ask *q)
{
	char z[8];

	(void)number_account(q->value, z);
	return json_pack("{s:s}", "account", z);
}

static bool check_yucho(const struct ask *q, char out[NORMAL_MAX])
{
	struct yucho y;

	copy(q->value, out);
	return yucho_parse(q->value, &y);
}

static json_t *show_yucho(const struct ask *q)
{
	struct yucho y;

	(void)yucho_parse(q->value, &y);
	return json_pack("{s:s,s:s}", "branch", y.branch, "account", y.account);
}

/* Valid UTF-8, folded to the form in which spellings are compared. */
static bool check_address(const struct ask *q, char out[NORMAL_MAX])
{
	struct buf b = {0};
	struct text t;
	size_t bad;
	bool ok = q->value.n > 0 && utf8_decode(text_bytes(q->value), &t, &bad);

	if (ok)
		fold_address(t, &b);
	ok = ok && b.n < NORMAL_MAX;
	if (ok)
		copy(buf_text(&b), out);
	buf_fini(&b);
	return ok;
}

static json_t *show_address(const struct ask *q)
{
	struct address_parts p;
	char folded[NORMAL_MAX];

	(void)check_address(q, folded);
	address_split(q->value, q->postal, &p);
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:b,s:s}", "prefecture",
	    string(p.prefecture), "municipality", string(p.municipality),
	    "town", string(p.town), "block", string(p.block), "building",
	    string(p.building), "filled", (int)p.filled, "compared", folded);
}

static bool check_basis(const struct ask *q, char out[NORMAL_MAX])
{
	copy(q->value, out);
	return codes_basis_on(q->codes, q->value, q->day) != NULL;
}

static json_t *show_basis(const struct ask *q)
{
	const struct codes_basis *b =
	    codes_basis_on(q->codes, q->value, q->day);

	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:i,s:b,s:b}", "code",
	    string(b->code), "claim_kinds", string(b->kamoku), "text",
	    string(b->text), "from", date_string(b->span.from), "to",
	    date_string(b->span.to), "scope", codes_scope_name(b->scope),
	    "years", b->years, "consent", b->consent, "verify", b->verify);
}

static bool check_kamoku(const struct ask *q, char out[NORMAL_MAX])
{
	copy(q->value, out);
	return codes_kamoku_on(q->codes, q->value, q->day) != NULL;
}

static json_t *show_kamoku(const struct ask *q)
{
	const struct codes_kamoku *k =
	    codes_kamoku_on(q->codes, q->value, q->day);

	return json_pack("{s:o,s:o,s:o,s:o,s:s,s:o}", "code", string(k->code),
	    "name", string(k->name), "from", date_string(k->span.from), "to",
	    date_string(k->span.to), "kind", k->tax ? "tax" : "ryo", "basis",
	    string(k->basis));
}

static bool check_day(const struct ask *q, char out[NORMAL_MAX])
{
	struct date d;

	copy(q->value, out);
	return date_parse(q->value, &d);
}

static json_t *day_of(const struct ask *q, enum calendar_of of, struct date d)
{
	switch (calendar_day(q->codes, of, d)) {
	case CALENDAR_OPEN:
		return json_pack("{s:b,s:s}", "open", true, "why", "");
	case CALENDAR_CLOSED:
		return json_pack("{s:b,s:o}", "open", false, "why",
		    string(calendar_reason(q->codes, of, d)));
	case CALENDAR_UNKNOWN:
		break;
	}
	return json_pack(
	    "{s:n,s:s}", "open", "why", "the year is not in data/holidays.tsv");
}

static json_t *show_day(const struct ask *q)
{
	struct date d = {0};

	(void)date_parse(q->value, &d);
	return json_pack("{s:o,s:o,s:o}", "day", date_string(d), "office",
	    day_of(q, CALENDAR_OFFICE, d), "bank", day_of(q, CALENDAR_BANK, d));
}

static const struct kind kinds[] = {
    {"municipality", check_municipality, show_municipality},
    {"corporate-number", check_corporate, show_corporate},
    {"postal", check_postal, show_postal},
    {"institution", check_institution, show_institution},
    {"branch", check_branch, show_branch},
    {"account", check_account, show_account},
    {"yucho", check_yucho, show_yucho},
    {"address", check_address, show_address},
    {"basis", check_basis, show_basis},
    {"claim-kind", check_kamoku, show_kamoku},
    {"day", check_day, show_day},
};

/* --postal, if it is UTF-8. */
static bool take_postal(const char *postal, struct ask *q)
{
	size_t bad;

	q->postal = TEXT("");
	return postal == NULL ||
	       utf8_decode(text_bytes(text_z(postal)), &q->postal, &bad);
}

/* What the options of the command say of the day. */
static bool take_day(struct cli *c, struct ask *q)
{
	const char *on = cli_value(c, "on");

	if (on != NULL)
		return date_parse(text_z(on), &q->day);
	q->day = clock_date(clock_machine());
	return true;
}

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(name, kinds[i].name) == 0)
			return &kinds[i];
	return NULL;
}

/* Prints what is not so, without the value; 1: the answer is "no". */
static int refuse(struct cli *c, const struct kind *k)
{
	struct err e;

	if (number_is_individual(text_z(c->arg[1]))) {
		err_set(&e, ERR_INPUT, "code.individual_number",
		    "個人番号の形をしています。個人番号は扱いません",
		    "has the form of an individual number, which has no place "
		    "here");
		(void)err_at(&e, NULL, 0, 0, k->name);
		refusals_add(&c->refusals, &e);
		return 1;
	}
	err_set(&e, ERR_INPUT, "code.unknown",
	    "形式か検査数字が違うか、表にないコードです",
	    "wrong form or check digit, or not in the table");
	(void)err_at(&e, NULL, 0, 0, k->name);
	refusals_add(&c->refusals, &e);
	return 1;
}

/* A table of --tables DIR in the place of a compiled one. */
static enum err_class load_table(
    struct cli *c, const char *name, struct text *out, struct err *e)
{
	char path[4096];
	struct buf b = {0};
	struct buf decoded = {0};
	enum err_class class;
	size_t bad;

	(void)snprintf(
	    path, sizeof(path), "%s/%s", cli_value(c, "tables"), name);
	class = file_read(path, TABLE_MAX, &b, e);
	if (class == ERR_NONE &&
	    !encoding_decode(ENCODING_UTF8, buf_bytes(&b), &decoded, &bad))
		class = err_set(e, ERR_INPUT, "codes.table",
		    "コード表がUTF-8ではありません",
		    "a code table is not UTF-8");
	if (class == ERR_NONE)
		*out = text_dup(&c->arena, buf_text(&decoded));
	buf_fini(&b);
	buf_fini(&decoded);
	return class;
}

static enum err_class load_codes(struct cli *c, struct ask *q, struct err *e)
{
	struct codes_source source;

	if (cli_value(c, "tables") == NULL)
		return codes_load(&c->arena, &q->codes, e);
	codes_compiled(&source);
	TRY(load_table(c, "zengin-institutions.tsv", &source.institutions, e));
	TRY(load_table(c, "zengin-branches.tsv", &source.branches, e));
	TRY(codes_branches_check(source.branches, e));
	return codes_load_from(&c->arena, &source, &q->codes, e);
}

/* Looks the value up; *k NULL: end with the code that is returned. */
static int look(struct cli *c, struct ask *q, const struct kind **k,
    char normal[NORMAL_MAX])
{
	struct err e;

	*k = NULL;
	q->value = text_z(c->arg[1]);
	if (kind_named(c->arg[0]) == NULL)
		return cli_usage(c, "no kind of code '%s'", c->arg[0]);
	if (!take_day(c, q))
		return cli_usage(c, "--on takes a day YYYY-MM-DD");
	if (load_codes(c, q, &e) != ERR_NONE)
		return cli_fail(c, &e);
	if (!kind_named(c->arg[0])->check(q, normal))
		return refuse(c, kind_named(c->arg[0]));
	*k = kind_named(c->arg[0]);
	return 0;
}

static int run_check(struct cli *c)
{
	const struct kind *k;
	struct ask q;
	char normal[NORMAL_MAX];
	int exit_code = look(c, &q, &k, normal);

	if (k == NULL)
		return exit_code;
	if (c->json)
		cli_print(
		    json_pack("{s:s,s:s}", "kind", k->name, "value", normal));
	else
		(void)puts(normal);
	return 0;
}

static int run_show(struct cli *c)
{
	const struct kind *k;
	struct ask q;
	char normal[NORMAL_MAX];
	int exit_code = look(c, &q, &k, normal);

	if (k == NULL)
		return exit_code;
	if (!take_postal(cli_value(c, "postal"), &q))
		return cli_usage(c, "--postal is not UTF-8");
	cli_print(k->show(&q));
	return 0;
}

#define KINDS                                                                  \
	"KIND is municipality, corporate-number, postal, institution, "        \
	"branch\n       (0001-001), account, yucho, address, basis, "          \
	"claim-kind or day."

const struct cli_command cmd_code_check = {
    .words = "code check",
    .args = "KIND VALUE",
    .help = "prints the normal form of a number or code; exit 1 if it has "
	    "none.\n       " KINDS,
    .args_min = 2,
    .args_max = 2,
    .options = {{"on", "D", "as of that day (today)"},
	{"tables", "DIR",
	    "institutions and branches of `code import` instead of our own"}},
    .run = run_check,
};

const struct cli_command cmd_code_show = {
    .words = "code show",
    .args = "KIND VALUE",
    .help = "prints what is known of a number or code, as JSON.\n       "
	    "yucho 17300-19927651 gives its branch and account number. " KINDS,
    .args_min = 2,
    .args_max = 2,
    .options = {{"on", "D", "as of that day (today)"},
	{"postal", "TEXT", "of an address: what its postal code stands for"},
	{"tables", "DIR",
	    "institutions and branches of `code import` instead of our own"}},
    .run = run_show,
};
