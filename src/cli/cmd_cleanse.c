/*
 * cmd_cleanse.c — the answer files of one institution into the one form of
 * docs/interface.md §9, without a node: no socket, no database.
 */
#include "cli/commands.h"

#include "base/csv.h"
#include "base/seen.h"
#include "base/spool.h"
#include "cli/conversion.h"
#include "record/export.h"
#include "record/kanri.h"
#include "record/limits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define ANSWER_FILE_MAX ((size_t)1024 * 1024 * 1024)
#define ATENA_MAX 15

#define WINDOW 1024   /* keys at hand, where they are asked for in order, … */
#define WINDOW_ODD 64 /* … and where not */
#define PROGRESS 64   /* answers between two looks at the clock */

/* One inquiry of keys.csv. */
struct key {
	char kanri[KANRI_SIZE];
	char atena[ATENA_MAX + 1];
};

struct cleanse {
	struct cli *c;
	struct conversion v;
	struct layout *l;
	struct layout_memo *memo;
	struct export *out;
	struct refusals lost;
	/* All keys stand in the log; some of them at hand. */
	struct spool log;
	uint32_t keys;
	struct key window[WINDOW];
	uint32_t from; /* the window's first, and how many it has */
	uint32_t count;
	struct buf answered;   /* a bit for each key */
	uint32_t next;	       /* behind the one found last */
	char last[KANRI_SIZE]; /* read of keys.csv */
	bool disorder;	       /* they do not ascend: then there is an index */
	struct seen *index;    /* a key's number from 1, by a hash of it */
	const char *file;      /* being read */
	struct buf bytes;      /* its bytes */
	struct arena arena;    /* one record's */
	struct err hold_failed;
	enum err_class failed; /* of writing hold.csv */
};

/* ---- keys ---- */

/* The key of that number, from 0; at hand until the next. */
static enum err_class key_at(
    struct cleanse *x, uint32_t at, struct key **out, struct err *e)
{
	if (at - x->from >= x->count) {
		uint32_t n = at == x->from + x->count ? WINDOW : WINDOW_ODD;

		x->count = 0;
		x->from = at / n * n;
		n = x->keys - x->from < n ? x->keys - x->from : n;
		TRY(spool_get(&x->log, (uint64_t)x->from * sizeof(struct key),
		    x->window, n * sizeof(struct key), e));
		x->count = n;
	}
	*out = &x->window[at - x->from];
	return ERR_NONE;
}

/* Marks it as answered; false if it was already. */
static bool mark(struct cleanse *x, uint32_t at)
{
	unsigned char *byte = &x->answered.p[at / 8];
	unsigned char bit = (unsigned char)(1u << at % 8);
	bool first = (*byte & bit) == 0;

	*byte |= bit;
	return first;
}

static bool is_answered(const struct cleanse *x, uint32_t at)
{
	return (x->answered.p[at / 8] >> at % 8 & 1) != 0;
}

static uint64_t hash_of(const char *kanri)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (int k = 0; k < KANRI_SIZE; k++)
		h = (h ^ (unsigned char)kanri[k]) * UINT64_C(1099511628211);
	return h;
}

/* keys.csv as convert writes it is in order; another gets an index. */
static enum err_class make_index(struct cleanse *x, struct err *e)
{
	struct key *k;

	x->index = seen_new(cli_value(x->c, "out"));
	for (uint32_t i = 0; i < x->keys; i++) {
		uint32_t before;

		TRY(key_at(x, i, &k, e));
		TRY(seen_take(x->index, hash_of(k->kanri), i + 1, &before, e));
	}
	return ERR_NONE;
}

/* Where it would be among keys in order. */
static enum err_class search(
    struct cleanse *x, const char *kanri, uint32_t *at, struct err *e)
{
	uint32_t to = x->keys;

	*at = 0;
	while (*at < to) {
		uint32_t mid = *at + (to - *at) / 2;
		struct key *k;

		TRY(key_at(x, mid, &k, e));
		if (memcmp(k->kanri, kanri, KANRI_SIZE) < 0)
			*at = mid + 1;
		else
			to = mid;
	}
	return ERR_NONE;
}

/* *out NULL: it was not asked. */
static enum err_class key_of(
    struct cleanse *x, struct text kanri, struct key **out, struct err *e)
{
	uint32_t at = x->next;
	struct key *k = NULL;

	*out = NULL;
	if (kanri.n != KANRI_SIZE || x->keys == 0)
		return ERR_NONE;
	/* Most answers come in the order of the inquiries. */
	if (at < x->keys)
		TRY(key_at(x, at, &k, e));
	if (k == NULL || memcmp(k->kanri, kanri.p, KANRI_SIZE) != 0) {
		if (x->index != NULL) {
			TRY(seen_find(x->index, hash_of(kanri.p), &at, e));
			at = at == 0 ? x->keys : at - 1;
		} else {
			TRY(search(x, kanri.p, &at, e));
		}
		if (at == x->keys)
			return ERR_NONE;
		TRY(key_at(x, at, &k, e));
		if (memcmp(k->kanri, kanri.p, KANRI_SIZE) != 0)
			return ERR_NONE;
	}
	x->next = at + 1;
	*out = k;
	return ERR_NONE;
}

static enum err_class bad_keys(struct err *e, long line)
{
	err_set(e, ERR_INPUT, "answer.header", "keys.csvの書き方が違います",
	    "this is not keys.csv");
	(void)err_at(e, "keys", line, 0, NULL);
	e->level = ERR_FILE;
	return e->class;
}

static bool is_ascii_word(struct bytes b, size_t min, size_t max)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] <= ' ' || b.p[i] > '~')
			return false;
	return b.n >= min && b.n <= max;
}

static enum err_class take_key(
    struct cleanse *x, const struct csv *csv, struct err *e)
{
	struct key k = {0};

	if (csv->fields != 4 ||
	    !is_ascii_word(csv->field[0], KANRI_SIZE, KANRI_SIZE) ||
	    !is_ascii_word(csv->field[1], 1, ATENA_MAX))
		return bad_keys(e, csv->line);
	if (!bytes_eq(
		csv->field[3], text_bytes(text_z(layout_institution(x->l)))))
		return ERR_NONE;
	memcpy(k.kanri, csv->field[0].p, KANRI_SIZE);
	memcpy(k.atena, csv->field[1].p, csv->field[1].n);
	x->disorder |= x->keys > 0 && memcmp(x->last, k.kanri, KANRI_SIZE) >= 0;
	memcpy(x->last, k.kanri, KANRI_SIZE);
	x->keys++;
	return spool_add(&x->log, &k, sizeof(k), e);
}

static enum err_class read_rows(
    struct cleanse *x, struct csv *csv, struct err *e)
{
	bool more;

	TRY(csv_next(csv, &more, e));
	if (!more || csv->fields != 4)
		return bad_keys(e, 1);
	for (;;) {
		TRY(csv_next(csv, &more, e));
		if (!more)
			return ERR_NONE;
		if (!csv->blank)
			TRY(take_key(x, csv, e));
	}
}

static enum err_class read_keys(struct cleanse *x, struct err *e)
{
	const char *path = cli_value(x->c, "keys");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct csv csv;
	enum err_class class;

	if (fd < 0) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%s", path);
	}
	csv_init(&csv, csv_read_fd, &fd, LIMIT_LINE, LIMIT_FIELD);
	class = read_rows(x, &csv, e);
	csv_fini(&csv);
	(void)close(fd);
	if (class == ERR_NONE && x->disorder)
		class = make_index(x, e);
	buf_room(&x->answered, x->keys / 8 + 1);
	memset(x->answered.p, 0, x->keys / 8 + 1);
	return class;
}

/* ---- answers ---- */

/* A record that stays out, with its reason, in hold.csv and as a refusal. */
static enum err_class keep_out(
    struct cleanse *x, const struct err *why, struct text kanri, struct err *e)
{
	struct conversion_hold h = {
	    .line = why->line,
	    .kanri = text_cstr(&x->arena, kanri),
	    .institution = layout_institution(x->l),
	    .item = why->item,
	    .rule = why->code,
	    .why = x->c->ja ? why->ja : why->en,
	};

	struct key *k;

	refusals_add(&x->c->refusals, why);
	TRY(key_of(x, kanri, &k, e));
	h.atena = k != NULL ? text_z(k->atena) : TEXT("");
	return conversion_hold(&x->v, &h, e);
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct cleanse *x = ctx;
	struct err e = *why;

	(void)snprintf(e.file, sizeof(e.file), "%s", x->file);
	/* What was refused is no answer: the inquiry is still without one. */
	if (x->failed == ERR_NONE)
		x->failed = keep_out(x, &e, kanri, &x->hold_failed);
}

static enum err_class refuse(struct cleanse *x, const struct answer *a,
    long line, const char *code, const char *ja, const char *en)
{
	struct err why;

	err_set(&why, ERR_INPUT, code, ja, en);
	(void)err_at(&why, x->file, line, 0, "管理番号");
	take_bad(x, &why, a->f[ANSWER_INQUIRY]);
	return ERR_NONE;
}

static enum err_class take_answer(
    void *ctx, const struct answer *a, long line, struct err *e)
{
	struct cleanse *x = ctx;
	char kanri[KANRI_TEXT];
	struct key *k;

	TRY(key_of(x, a->f[ANSWER_INQUIRY], &k, e));
	if (k == NULL)
		return refuse(x, a, line, "answer.unknown_number",
		    "照会していない管理番号です",
		    "a 管理番号 that was not asked");
	/* E6: one final answer. */
	if (!mark(x, x->next - 1))
		return refuse(x, a, line, "answer.repeated",
		    "同じ管理番号の回答が二つあります",
		    "two answers with one 管理番号");
	x->v.written++;
	memcpy(kanri, k->kanri, KANRI_SIZE);
	kanri[KANRI_SIZE] = '\0';
	TRY(export_answer(x->out, text_z(k->atena), 0, kanri, a, NULL, e));
	arena_reset(&x->arena);
	if (x->v.written % PROGRESS == 0)
		cli_progress(
		    x->c, "cleanse", (long)x->v.written, (long)x->keys);
	return ERR_NONE;
}

static enum err_class read_file(
    struct cleanse *x, const char *path, struct err *e)
{
	struct layout_sink sink = {
	    .ctx = x, .answer = take_answer, .bad = take_bad};
	const char *slash = strrchr(path, '/');
	size_t records = 0;
	enum err_class class;

	buf_clear(&x->bytes);
	class = file_read(path, ANSWER_FILE_MAX, &x->bytes, e);
	x->file = slash ? slash + 1 : path;
	if (class == ERR_NONE) {
		class = layout_read(
		    x->l, buf_bytes(&x->bytes), &x->arena, &sink, &records, e);
		if (class != ERR_NONE)
			(void)snprintf(e->file, sizeof(e->file), "%s", x->file);
	}
	x->v.records += (int64_t)records;
	x->v.files++;
	if (class == ERR_NONE && x->failed != ERR_NONE) {
		*e = x->hold_failed;
		class = x->failed;
	}
	return class;
}

/* Every sent inquiry has a row, also one without answer. */
static enum err_class put_missing(struct cleanse *x, struct err *e)
{
	for (uint32_t i = 0; i < x->keys; i++) {
		char kanri[KANRI_TEXT];
		struct err why;
		struct key *k;

		if (is_answered(x, i))
			continue;
		TRY(key_at(x, i, &k, e));
		memcpy(kanri, k->kanri, KANRI_SIZE);
		kanri[KANRI_SIZE] = '\0';
		err_set(&why, ERR_INPUT, "answer.missing", "回答がありません",
		    "there is no answer");
		(void)err_at(&why, NULL, 0, 0, "管理番号");
		TRY(keep_out(x, &why, text_z(kanri), e));
		TRY(key_at(x, i, &k, e));
		TRY(export_answer(
		    x->out, text_z(k->atena), 0, kanri, NULL, "", e));
		arena_reset(&x->arena);
	}
	return ERR_NONE;
}

/* ---- the command ---- */

static enum err_class read_files(struct cleanse *x, struct err *e)
{
	TRY(read_file(x, cli_value(x->c, "in"), e));
	for (int i = 0; i < x->c->args; i++)
		TRY(read_file(x, x->c->arg[i], e));
	return put_missing(x, e);
}

static enum err_class work(struct cleanse *x, struct err *e)
{
	const char *dir = cli_value(x->c, "out");
	struct export *out;
	enum err_class class;

	TRY(conversion_begin(&x->v, x->c, dir, e));
	TRY(read_keys(x, e));
	TRY(export_open(
	    &(const struct export_order){
		.dir = dir, .force = x->c->force, .lost = &x->lost},
	    &x->out, e));
	class = read_files(x, e);
	out = x->out;
	x->out = NULL;
	if (class != ERR_NONE) {
		export_abandon(out);
		return class;
	}
	TRY(export_close(out, e));
	return conversion_end(&x->v, e);
}

static int run_all(struct cleanse *x)
{
	struct cli *c = x->c;
	struct err e;
	enum err_class class =
	    conversion_layout(c, cli_value(c, "layout"), &x->l, &e);

	/* Its findings have been told one by one. */
	if (class != ERR_NONE)
		return err_exit(class);
	x->memo = layout_memo_new();
	layout_use_memo(x->l, x->memo);
	class = work(x, &e);
	cli_progress_end(c);
	if (class == ERR_NONE)
		return x->v.held != 0;
	conversion_abandon(&x->v);
	return cli_fail(c, &e);
}

static int run_cleanse(struct cli *c)
{
	static const char *const needed[] = {"layout", "in", "keys", "out"};
	struct cleanse x = {.c = c, .v = {.hold = {.fd = -1}}};
	int exit_code;

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (cli_value(c, needed[i]) == NULL)
			return cli_usage(c, "--%s is needed", needed[i]);
	spool_init(&x.log, cli_value(c, "out"));
	exit_code = run_all(&x);
	layout_free(x.l);
	layout_memo_free(x.memo);
	spool_fini(&x.log);
	seen_free(x.index);
	arena_fini(&x.arena);
	buf_fini(&x.bytes);
	buf_fini(&x.answered);
	return exit_code;
}

const struct cli_command cmd_cleanse = {
    .words = "cleanse",
    .args = "--layout FILE --in FILE… --keys FILE --out DIR",
    .help = "reads an institution's answer files into answers.csv, "
	    "transactions.csv and\n       others.csv, without a node. "
	    "DIR/hold.csv has what was refused and which inquiries\n       "
	    "have no answer (exit 1); a file whose counts are wrong is "
	    "refused whole (exit 3).",
    .args_min = 0,
    .args_max = -1,
    .options = {{"layout", "FILE", "the institution's rule file"},
	{"in", "FILE", "an answer file; more may follow"},
	{"keys", "FILE", "keys.csv, as convert wrote it"},
	{"out", "DIR", "where to write"}},
    .run = run_cleanse,
};
