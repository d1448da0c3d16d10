/* synth.c — see synth.h. */
#include "synth/synth.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct run {
	const struct synth_options *o;
	struct arena arena;   /* tables and paths */
	struct arena subject; /* of the one at hand */
	struct synth_tables tables;
	struct synth_world world;
	uint32_t *cases;
	uint32_t *shown;
	struct file truth;
	struct synth_summary *sum;
};

static void progress(
    const struct run *r, const char *what, uint64_t done, uint64_t total)
{
	if (r->o->progress != NULL)
		r->o->progress(r->o->ctx, what, (long)done, (long)total);
}

static enum err_class make_folder(const char *path, struct err *e)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return ERR_NONE;
	return err_errno(e, path);
}

static enum err_class check_empty(const struct synth_options *o, struct err *e)
{
	DIR *d = opendir(o->out);
	const struct dirent *entry;
	int n = 0;

	if (d == NULL && errno == ENOENT)
		return ERR_NONE;
	if (d == NULL && errno == ENOTDIR) {
		err_set(e, ERR_INPUT, "synth.not_empty",
		    "出力先がフォルダではありません",
		    "the output is not a folder");
		return err_detail(e, "%s", o->out);
	}
	if (d == NULL)
		return err_errno(e, o->out);
	while ((entry = readdir(d)) != NULL)
		n += strcmp(entry->d_name, ".") != 0 &&
		     strcmp(entry->d_name, "..") != 0;
	(void)closedir(d);
	if (n == 0 || o->force)
		return ERR_NONE;
	err_set(e, ERR_INPUT, "synth.not_empty",
	    "出力先が空ではありません（--force で書き込みます）",
	    "the folder is not empty; --force writes into it");
	return err_detail(e, "%s", o->out);
}

static char *bank_folder(struct run *r, uint32_t k)
{
	return arena_printf(
	    &r->arena, "%s/banks/%u", r->o->out, SYNTH_CODE_FIRST + k);
}

/* What an earlier, larger run has left: its four files alone. */
static void remove_others(struct run *r)
{
	static const char *const names[] = {
	    "customers.csv", "accounts.csv", "transactions.csv", "others.csv"};

	for (uint32_t k = r->o->institutions + 1; k <= SYNTH_INSTITUTIONS_MAX;
	     k++) {
		const char *folder = bank_folder(r, k);

		for (int i = 0; i < 4; i++)
			(void)unlink(
			    arena_printf(&r->arena, "%s/%s", folder, names[i]));
		(void)rmdir(folder);
	}
}

static enum err_class make_folders(struct run *r, struct err *e)
{
	const char *out = r->o->out;

	TRY(make_folder(out, e));
	TRY(make_folder(arena_printf(&r->arena, "%s/ward", out), e));
	TRY(make_folder(arena_printf(&r->arena, "%s/banks", out), e));
	for (uint32_t k = 1; k <= r->o->institutions; k++)
		TRY(make_folder(bank_folder(r, k), e));
	if (r->o->force)
		remove_others(r);
	return ERR_NONE;
}

/* A block's claims depend on who in it is a corporation. */
static enum err_class write_block(struct run *r, uint32_t first, struct file *f,
    struct buf *rows, struct err *e)
{
	uint32_t n = r->o->subjects - first;
	bool corporation[SYNTH_BLOCK];
	char claim[SYNTH_BLOCK];

	if (n > SYNTH_BLOCK)
		n = SYNTH_BLOCK;
	for (uint32_t i = 0; i < n; i++) {
		enum synth_kind kind;

		(void)synth_rates_plant(
		    &r->o->rates, r->o->seed, first + i, &kind);
		corporation[i] = kind == SYNTH_CORPORATION;
	}
	synth_subject_claims(r->o->seed, first, corporation, n, claim);
	for (uint32_t i = 0; i < n; i++) {
		struct synth_subject s;
		struct synth_known known;
		bool knows;

		arena_reset(&r->subject);
		synth_subject_make(&r->tables, &r->o->rates, r->o->seed,
		    first + i, &r->subject, &s);
		r->cases[first + i] = s.cases;
		knows = synth_bank_known(&r->world, &s, &known);
		synth_subject_rows(
		    r->o->seed, &s, claim[i], knows ? &known : NULL, rows);
		r->sum->rows += (s.planted & SYNTH_BIT(TWO_CLAIMS)) ? 2 : 1;
	}
	TRY(file_write(f, buf_bytes(rows), e));
	buf_clear(rows);
	return ERR_NONE;
}

static enum err_class write_blocks(
    struct run *r, struct file *f, struct buf *rows, struct err *e)
{
	synth_subject_header(rows);
	for (uint32_t i = 0; i < r->o->subjects; i += SYNTH_BLOCK) {
		TRY(write_block(r, i, f, rows, e));
		progress(r, "subjects", i, r->o->subjects);
	}
	return file_commit(f, e);
}

static enum err_class write_ward(struct run *r, struct err *e)
{
	struct buf rows = {0};
	struct file f;
	enum err_class c;

	TRY(file_create(&f,
	    arena_printf(&r->arena, "%s/ward/subjects.csv", r->o->out), 0600,
	    r->o->force, e));
	c = write_blocks(r, &f, &rows, e);
	file_abandon(&f);
	buf_fini(&rows);
	return c;
}

static enum err_class write_banks(struct run *r, struct err *e)
{
	static const char header[] = "宛名番号,金融機関コード,顧客番号,店番,"
				     "口座種別,口座番号,難点\r\n";

	TRY(file_create(&r->truth,
	    arena_printf(&r->arena, "%s/truth.csv", r->o->out), 0600,
	    r->o->force, e));
	TRY(file_write(&r->truth, BYTES(header, sizeof(header) - 1), e));
	for (uint32_t k = 1; k <= r->o->institutions; k++) {
		progress(r, "institutions", k - 1, r->o->institutions);
		TRY(synth_bank_write(&r->world, k, bank_folder(r, k), &r->truth,
		    &r->sum->counts, e));
	}
	return file_commit(&r->truth, e);
}

static void count_cases(struct run *r)
{
	struct synth_summary *s = r->sum;

	for (uint32_t i = 0; i < r->o->subjects; i++) {
		s->any += r->cases[i] != 0;
		s->any_shown += r->shown[i] != 0;
		for (int c = 0; c < SYNTH_CASE_COUNT; c++) {
			uint32_t bit = UINT32_C(1) << c;

			s->cases[c] += ((r->cases[i] | r->shown[i]) & bit) != 0;
			s->shown[c] += (r->shown[i] & bit) != 0;
		}
	}
}

static enum err_class write_report(struct run *r, struct err *e)
{
	struct buf report = {0};
	enum err_class c;

	count_cases(r);
	synth_report_put(r->o, r->sum, &report);
	c = file_put(arena_printf(&r->arena, "%s/rates.json", r->o->out),
	    buf_bytes(&report), 0600, r->o->force, e);
	buf_fini(&report);
	return c;
}

static enum err_class run_all(struct run *r, struct err *e)
{
	TRY(check_empty(r->o, e));
	TRY(synth_tables_load(&r->arena, &r->tables, e));
	TRY(make_folders(r, e));
	TRY(write_ward(r, e));
	TRY(write_banks(r, e));
	return write_report(r, e);
}

static void *zeros(uint32_t n)
{
	size_t size = (size_t)n * sizeof(uint32_t);

	return memset(arena_xmalloc(size), 0, size);
}

enum err_class synth_run(
    const struct synth_options *o, struct synth_summary *out, struct err *e)
{
	struct run r = {.o = o, .sum = out, .truth = {.fd = -1}};
	enum err_class c;

	*out = (struct synth_summary){0};
	r.cases = zeros(o->subjects);
	r.shown = zeros(o->subjects);
	r.world = (struct synth_world){
	    .tables = &r.tables,
	    .rates = &o->rates,
	    .seed = o->seed,
	    .subjects = o->subjects,
	    .customers = o->customers,
	    .cases = r.cases,
	    .shown = r.shown,
	    .force = o->force,
	};
	c = run_all(&r, e);
	file_abandon(&r.truth);
	free(r.cases);
	free(r.shown);
	arena_fini(&r.subject);
	arena_fini(&r.arena);
	return c;
}
