/*
 * cmd_convert.c — a subjects file into the files of institutions, without a
 * node: no socket, no database. The wave is number 1 of --authority.
 *
 * Memory does not grow with the subjects: one 宛名番号 is one inquiry at an
 * institution however many rows it has, and who has been seen, with what
 * keys.csv needs of them, stands in temporary files of the output folder.
 */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/seen.h"
#include "base/spool.h"
#include "cli/conversion.h"
#include "codes/codes.h"
#include "record/kanri.h"
#include "record/limits.h"
#include "record/request.h"

#include <endian.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define WAVE 1
#define KAMOKU_MAX 32
#define KNOWN_MAX 64	    /* known accounts of one subject */
#define PENDING_MAX 64	    /* files written and not synced yet */
#define BATCH 4096	    /* persons read back together */
#define PROGRESS 64	    /* persons between two looks at the clock */
#define PAGE ((size_t)4096) /* what a file is written by */
#define PIECE (65 * PAGE)   /* bytes written together, or nearly so */
#define ATENA_ROOM 16
/* A line of keys.csv, and what may be written behind. */
#define KEY_ROOM (KANRI_TEXT + ATENA_ROOM + KAMOKU_MAX * 9 + 16)

/* One 宛名番号, in the order of the ordinals. */
struct person {
	uint64_t atena;	      /* digits, four bits each, and how many */
	uint64_t identity;    /* of all identity columns */
	uint32_t kamoku;      /* bit per code of struct convert */
	unsigned char sent[]; /* bit per target: written, not held */
};

struct kamoku {
	size_t n;
	char code[8];
};

struct target {
	struct layout *l;
	const char *code;
	char key_end[sizeof(",9601\r\n")]; /* of its lines of keys.csv */
	struct kanri_series numbers;
	struct buf file; /* of the file being made, what is not in out yet */
	struct file out; /* path NULL: nothing of it is written */
	bool begun;	 /* a file, maybe without a record yet */
	size_t in_file;
	int files;
};

/* The rows of one 宛名番号 that stand together. */
struct group {
	bool open;
	struct subject *s; /* one of struct convert's two */
	long line;
	uint32_t ordinal;
	struct text known[KNOWN_MAX][5]; /* bank, branch, kind, no, customer */
	size_t knowns;
};

struct convert {
	struct cli *c;
	struct conversion v;
	struct target target[CLI_ARGS_MAX + 1];
	size_t targets;
	struct layout_memo *memo;
	const char *authority;
	struct request_wave wave;
	/* Each person who is done stands in the log, persons in all. */
	struct seen *seen;
	struct spool log;
	size_t person_size;
	struct person *now;  /* of the group */
	struct person *then; /* one read back */
	uint32_t persons;
	uint64_t identity;		  /* of the row at hand */
	struct file pending[PENDING_MAX]; /* on their way to the disk */
	size_t pendings;
	struct kamoku kamoku[KAMOKU_MAX];
	size_t kamokus;
	struct group g;
	struct arena texts[2];
	struct arena *arena;   /* of them: the group's … */
	struct arena *row;     /* … and the row's */
	struct subject two[2]; /* the same */
	struct buf line;       /* of keys.csv, a batch together */
	struct buf written;    /* paths, each with its NUL: for taking back */
	int64_t refused;
};

/* ---- who has been seen ---- */

/* Eight digits as four bits each, the first highest. */
static uint64_t packed(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	w = be64toh(w) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	w = (w | w >> 4) & UINT64_C(0x00FF00FF00FF00FF);
	w = (w | w >> 8) & UINT64_C(0x0000FFFF0000FFFF);
	return (w | w >> 16) & UINT32_MAX;
}

static void unpacked(uint64_t w, char *out)
{
	w = (w | w << 16) & UINT64_C(0x0000FFFF0000FFFF);
	w = (w | w << 8) & UINT64_C(0x00FF00FF00FF00FF);
	w = (w | w << 4) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	w = htobe64(w | UINT64_C(0x3030303030303030));
	memcpy(out, &w, sizeof(w));
}

/* Of one to 15 digits; 0012 is not 12 (T4). */
static uint64_t atena_number(struct text t)
{
	uint64_t v = 0;

	if (t.n >= 8) /* both ends; what stands in both is the same */
		v = packed(t.p) << 4 * (t.n - 8) | packed(t.p + t.n - 8);
	else
		for (size_t i = 0; i < t.n; i++)
			v = v << 4 | (uint64_t)(t.p[i] - '0');
	return v << 4 | t.n;
}

/* The digits again, and others behind; returns how many there are. */
static size_t atena_text(uint64_t atena, char out[ATENA_ROOM])
{
	size_t n = atena % 16;
	uint64_t v = atena >> 4 << (64 - 4 * n);

	unpacked(v >> 32, out);
	unpacked(v & UINT32_MAX, out + 8);
	return n;
}

static uint32_t kamoku_bit(struct convert *x, struct text code)
{
	struct kamoku *k = x->kamoku;

	for (size_t i = 0; i < x->kamokus; i++, k++)
		if (k->code[0] == code.p[0] &&
		    text_eq(code, text_trust(k->code, k->n)))
			return UINT32_C(1) << i;
	if (x->kamokus == KAMOKU_MAX || code.n > sizeof(k->code))
		return 0;
	memcpy(k->code, code.p, code.n);
	k->n = code.n;
	return UINT32_C(1) << x->kamokus++;
}

/* ---- files ---- */

static enum err_class file_id(const struct convert *x, const struct target *t,
    char out[32], struct err *e)
{
	char wave[4];

	if (t->files > 9999 || !kanri_wave_format(WAVE, wave)) {
		err_set(e, ERR_LIMIT, "wave.scope", "ファイルが多すぎます",
		    "too many files of one institution");
		return err_detail(e, "%s", t->code);
	}
	(void)snprintf(
	    out, 32, "%s-%s-%s-%04d", x->authority, wave, t->code, t->files);
	return ERR_NONE;
}

static enum err_class begin_file(
    struct convert *x, struct target *t, struct err *e)
{
	char id[32];

	t->files++;
	TRY(file_id(x, t, id, e));
	buf_clear(&t->file);
	t->begun = true;
	t->in_file = 0;
	layout_begin_requests(t->l, id, &t->file);
	return ERR_NONE;
}

static enum err_class place_oldest(struct convert *x, struct err *e)
{
	char *path = strdup(x->pending[0].path);
	enum err_class class = file_place(&x->pending[0], e);

	if (path == NULL)
		abort();
	x->pendings--;
	memmove(x->pending, x->pending + 1, x->pendings * sizeof(*x->pending));
	if (class == ERR_NONE)
		buf_add(&x->written, path, strlen(path) + 1);
	free(path);
	return class;
}

static enum err_class place_all(struct convert *x, struct err *e)
{
	while (x->pendings > 0)
		TRY(place_oldest(x, e));
	for (size_t i = 0; i < x->targets; i++)
		TRY(file_sync_folder(arena_printf(&x->c->arena, "%s/%s/.",
					 x->v.dir, x->target[i].code),
		    e));
	return ERR_NONE;
}

static enum err_class create_file(
    struct convert *x, struct target *t, struct err *e)
{
	struct buf path = {0};
	char id[32];
	enum err_class class;

	TRY(file_id(x, t, id, e));
	buf_printf(&path, "%s/%s/", x->v.dir, t->code);
	layout_file_name(t->l, id, x->wave.base_date.p, t->files, &path);
	buf_byte(&path, '\0');
	class =
	    file_create(&t->out, (const char *)path.p, 0600, x->c->force, e);
	buf_fini(&path);
	return class;
}

/* Writes what is final of the file being made, in whole units: its head stays,
 * and what is left follows it. */
static enum err_class put_piece(
    struct convert *x, struct target *t, size_t unit, struct err *e)
{
	size_t head = layout_requests_head(t->l);
	unsigned char *from = t->file.p;
	size_t left = t->file.n;
	size_t n;

	if (t->out.path == NULL) {
		TRY(create_file(x, t, e));
	} else {
		from += head;
		left -= head;
	}
	n = left / unit * unit;
	left -= n;
	TRY(file_write(&t->out, BYTES(from, n), e));
	memmove(t->file.p + head, from + n, left);
	t->file.n = head + left;
	return ERR_NONE;
}

/* The disk works on the files before while the next is made. */
static enum err_class put_file(
    struct convert *x, struct target *t, struct err *e)
{
	size_t head = layout_requests_head(t->l);

	if (t->out.path == NULL) {
		TRY(create_file(x, t, e));
		TRY(file_write(&t->out, buf_bytes(&t->file), e));
	} else {
		TRY(put_piece(x, t, 1, e));
		TRY(file_rewrite(&t->out, BYTES(t->file.p, head), e));
	}
	if (x->pendings == PENDING_MAX)
		TRY(place_oldest(x, e));
	TRY(file_flush(&t->out, e));
	x->pending[x->pendings++] = t->out;
	t->out = (struct file){.fd = -1};
	return ERR_NONE;
}

static enum err_class end_file(
    struct convert *x, struct target *t, struct err *e)
{
	if (t->in_file == 0)
		return ERR_NONE;
	layout_end_requests(t->l, t->in_file, &t->file);
	TRY(put_file(x, t, e));
	x->v.files++;
	t->in_file = 0;
	return ERR_NONE;
}

/* Nothing stays of a run that failed. */
static void take_back(struct convert *x)
{
	const char *p = (const char *)x->written.p;

	for (size_t i = 0; i < x->pendings; i++)
		file_abandon(&x->pending[i]);
	for (size_t i = 0; i < x->targets; i++)
		file_abandon(&x->target[i].out);
	for (size_t i = 0; i < x->written.n; i += strlen(p + i) + 1)
		(void)unlink(p + i);
}

/* ---- one inquiry ---- */

static enum err_class number(
    struct target *t, uint32_t ordinal, char out[KANRI_TEXT], struct err *e)
{
	if (kanri_series_put(&t->numbers, ordinal, out))
		return ERR_NONE;
	return err_set(e, ERR_LIMIT, "wave.scope", "対象者が多すぎます",
	    "too many subjects");
}

/* The account known at this institution goes to it alone. s: room for the
 * subject with it; returns the subject as it is for the institution. */
static const struct subject *with_known(
    const struct group *g, const char *code, struct subject *s)
{
	if (g->knowns == 0) /* its one row has none */
		return g->s;
	*s = *g->s;
	for (size_t i = 0; i < g->knowns; i++)
		if (text_is(g->known[i][0], code)) {
			s->f[SUBJECT_BANK] = g->known[i][0];
			s->f[SUBJECT_BRANCH] = g->known[i][1];
			s->f[SUBJECT_ACCOUNT_KIND] = g->known[i][2];
			s->f[SUBJECT_ACCOUNT] = g->known[i][3];
			s->f[SUBJECT_CUSTOMER] = g->known[i][4];
			return s;
		}
	s->f[SUBJECT_BANK] = TEXT("");
	return s;
}

static enum err_class hold(struct convert *x, const struct target *t,
    const char *kanri, const struct layout_hold *h, struct err *e)
{
	struct conversion_hold line = {
	    .line = x->g.line,
	    .atena = x->g.s->f[SUBJECT_ATENA],
	    .kanri = kanri,
	    .institution = t->code,
	    .item = item_request[h->item].name,
	    .rule = h->rule,
	    .at = h->at,
	    .bad = h->bad,
	    .why = x->c->ja ? h->ja : h->en,
	};

	return conversion_hold(&x->v, &line, e);
}

static enum err_class ask(struct convert *x, size_t at, struct err *e)
{
	struct target *t = &x->target[at];
	struct layout_report report = {
	    .tally = conversion_count, .ctx = &x->v, .later = true};
	struct subject room;
	struct request r;
	char kanri[KANRI_TEXT];

	TRY(number(t, x->g.ordinal, kanri, e));
	request_fill(
	    with_known(&x->g, t->code, &room), &x->wave, t->code, kanri, &r);
	if (!t->begun)
		TRY(begin_file(x, t, e));
	layout_put_request(t->l, &r, &t->file, &report);
	x->v.records++;
	if (report.held)
		return hold(x, t, kanri, &report.hold, e);
	x->v.written++;
	x->now->sent[at / 8] |= (unsigned char)(1u << at % 8);
	if (++t->in_file < layout_records_per_file(t->l))
		return t->file.n >= PIECE &&
			       layout_requests_head(t->l) != SIZE_MAX
			   ? put_piece(x, t, PIECE, e)
			   : ERR_NONE;
	TRY(end_file(x, t, e));
	t->begun = false;
	return ERR_NONE;
}

static enum err_class flush(struct convert *x, struct err *e)
{
	if (!x->g.open)
		return ERR_NONE;
	for (size_t i = 0; i < x->targets; i++)
		TRY(ask(x, i, e));
	TRY(spool_add(&x->log, x->now, x->person_size, e));
	x->g.open = false;
	if (x->persons % PROGRESS == 0)
		cli_progress(x->c, "convert", (long)x->persons, 0);
	return ERR_NONE;
}

/* ---- rows ---- */

static void refuse(struct convert *x, long line, const char *code,
    const char *ja, const char *en)
{
	struct err e;

	err_set(&e, ERR_INPUT, code, ja, en);
	(void)err_at(&e, cli_value(x->c, "in"), line, 0, NULL);
	refusals_add(&x->c->refusals, &e);
	x->refused++;
}

static void add_known(struct convert *x, const struct subject *s)
{
	static const int columns[] = {SUBJECT_BANK, SUBJECT_BRANCH,
	    SUBJECT_ACCOUNT_KIND, SUBJECT_ACCOUNT, SUBJECT_CUSTOMER};

	if (s->f[SUBJECT_BANK].n == 0 || x->g.knowns == KNOWN_MAX)
		return;
	for (int i = 0; i < 5; i++)
		x->g.known[x->g.knowns][i] =
		    text_dup(x->arena, s->f[columns[i]]);
	x->g.knowns++;
}

static void open_group(
    struct convert *x, struct subject *s, uint32_t ordinal, long line)
{
	x->g.open = true;
	x->g.line = line;
	x->g.ordinal = ordinal;
	x->g.knowns = 0;
	x->g.s = s;
}

/* Does a row that stands apart name an account at one of our institutions? */
static bool names_target(const struct convert *x, const struct subject *s)
{
	for (size_t i = 0; i < x->targets; i++)
		if (text_is(s->f[SUBJECT_BANK], x->target[i].code))
			return true;
	return false;
}

/* The person of that 宛名番号, as far as the rows before tell; NULL: new, the
 * next of x->persons. */
static enum err_class find_person(struct convert *x, uint64_t atena,
    uint32_t *ordinal, struct person **out, struct err *e)
{
	*out = x->now;
	*ordinal = x->g.ordinal;
	if (x->g.open && x->now->atena == atena)
		return ERR_NONE;
	*out = NULL;
	/* What stands together is done: its conversion takes long enough. */
	seen_expect(x->seen, atena);
	TRY(flush(x, e));
	TRY(seen_take(x->seen, atena, x->persons + 1, ordinal, e));
	if (*ordinal == 0)
		return ERR_NONE;
	*out = x->then;
	return spool_get(&x->log, (uint64_t)(*ordinal - 1) * x->person_size,
	    x->then, x->person_size, e);
}

static void begin_person(
    struct convert *x, struct subject *s, long line, const struct person *as)
{
	struct arena *row = x->row;

	*x->now = *as;
	memset(x->now->sent, 0, x->person_size - offsetof(struct person, sent));
	/* The row's texts become the group's. */
	x->row = x->arena;
	x->arena = row;
	open_group(x, s, ++x->persons, line);
	add_known(x, s);
}

/* One more row of a person. */
static enum err_class take_claim(struct convert *x, const struct subject *s,
    long line, uint32_t ordinal, struct person *p, struct err *e)
{
	if (p == x->now) {
		add_known(x, s);
		return ERR_NONE;
	}
	if (names_target(x, s))
		refuse(x, line, "subjects.apart",
		    "知られた口座のある行は、同じ宛名番号の行に続けて置きます",
		    "a row with a known account must follow its 宛名番号");
	return spool_put(&x->log, (uint64_t)(ordinal - 1) * x->person_size, p,
	    x->person_size, e);
}

static enum err_class take_row(
    struct convert *x, struct subject *s, long line, struct err *e)
{
	struct person as = {.atena = atena_number(s->f[SUBJECT_ATENA]),
	    .identity = x->identity,
	    .kamoku = kamoku_bit(x, s->f[SUBJECT_KAMOKU])};
	uint32_t ordinal;
	struct person *p;

	TRY(find_person(x, as.atena, &ordinal, &p, e));
	if (p == NULL) {
		begin_person(x, s, line, &as);
		return ERR_NONE;
	}
	if ((p->kamoku & as.kamoku) != 0) {
		refuse(x, line, "subjects.duplicate",
		    "同じ宛名番号と科目の行が二つあります",
		    "two rows of one 宛名番号 and 科目");
		return ERR_NONE;
	}
	if (p->identity != as.identity) {
		refuse(x, line, "subjects.conflict",
		    "同じ宛名番号の行で、本人の項目が違います",
		    "rows of one 宛名番号 disagree about the person");
		return ERR_NONE;
	}
	p->kamoku |= as.kamoku;
	return take_claim(x, s, line, ordinal, p, e);
}

static enum err_class read_rows(
    struct convert *x, struct subject_reader *r, struct err *e)
{
	for (;;) {
		enum subject_read what;
		struct subject *s = &x->two[x->g.s == x->two];
		struct err why;
		long line;
		enum err_class class;

		arena_reset(x->row);
		class = subject_reader_next(r, x->row, &what, s, &line, &why);
		if (class != ERR_NONE) {
			*e = why;
			return class;
		}
		if (what == SUBJECT_END)
			return flush(x, e);
		if (what == SUBJECT_REFUSED) {
			refusals_add(&x->c->refusals, &why);
			x->refused++;
			continue;
		}
		x->identity = subject_reader_identity(r, s);
		TRY(take_row(x, s, line, e));
	}
}

static enum err_class read_subjects(struct convert *x, struct err *e)
{
	const char *path = cli_value(x->c, "in");
	const char *name = cli_value(x->c, "encoding");
	enum encoding encoding = ENCODING_UTF8;
	struct subject_reader *r;
	int fd = STDIN_FILENO;
	enum err_class class;

	if (name != NULL && (!encoding_named(text_z(name), &encoding) ||
				encoding == ENCODING_ZENGIN)) {
		err_set(e, ERR_INPUT, "subjects.encoding",
		    "文字コードはutf-8かcp932です", "utf-8 or cp932");
		return e->class;
	}
	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%s", path);
	}
	class = subject_reader_new(csv_read_fd, &fd, encoding, path, &r, e);
	if (class == ERR_NONE) {
		class = read_rows(x, r, e);
		subject_reader_free(r);
	}
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return class;
}

/* ---- keys.csv ---- */

/* Its line, into x->line. */
static enum err_class put_key(struct convert *x, struct target *t,
    uint32_t ordinal, const struct person *p, struct err *e)
{
	struct buf *b = &x->line;
	char before = ',';
	char *to;

	buf_room(b, KEY_ROOM);
	to = (char *)b->p + b->n;
	TRY(number(t, ordinal, to, e));
	to += KANRI_SIZE;
	*to++ = ',';
	to += atena_text(p->atena, to);
	for (uint32_t bits = p->kamoku; bits != 0; bits &= bits - 1) {
		const struct kamoku *k = &x->kamoku[__builtin_ctz(bits)];

		*to++ = before;
		memcpy(to, k->code, sizeof(k->code));
		to += k->n;
		before = '|';
	}
	memcpy(to, t->key_end, sizeof(t->key_end));
	to += sizeof(t->key_end) - 1;
	b->n = (size_t)(to - (char *)b->p);
	return ERR_NONE;
}

/* The persons' records of one batch, one after another. */
static enum err_class put_batch(struct convert *x, struct file *f, size_t at,
    uint32_t first, const unsigned char *batch, size_t n, struct err *e)
{
	buf_clear(&x->line);
	for (size_t i = 0; i < n; i++) {
		const struct person *p =
		    (const void *)(batch + i * x->person_size);

		if ((p->sent[at / 8] >> at % 8 & 1) != 0)
			TRY(put_key(
			    x, &x->target[at], first + (uint32_t)i, p, e));
	}
	return file_write(f, buf_bytes(&x->line), e);
}

static enum err_class put_target(struct convert *x, struct file *f, size_t at,
    unsigned char *batch, struct err *e)
{
	for (uint32_t k = 0; k < x->persons; k += BATCH) {
		size_t n = x->persons - k < BATCH ? x->persons - k : BATCH;

		TRY(spool_get(&x->log, (uint64_t)k * x->person_size, batch,
		    n * x->person_size, e));
		TRY(put_batch(x, f, at, k + 1, batch, n, e));
	}
	return ERR_NONE;
}

static enum err_class put_all_keys(
    struct convert *x, struct file *f, struct err *e)
{
	static const char header[] =
	    "管理番号,宛名番号,科目,金融機関コード\r\n";
	unsigned char *batch = arena_xmalloc(BATCH * x->person_size);
	enum err_class class =
	    file_write(f, BYTES(header, sizeof(header) - 1), e);

	for (size_t i = 0; i < x->targets && class == ERR_NONE; i++)
		class = put_target(x, f, i, batch, e);
	free(batch);
	return class;
}

static enum err_class put_keys(struct convert *x, struct err *e)
{
	const char *path = arena_printf(&x->c->arena, "%s/keys.csv", x->v.dir);
	struct file f;
	enum err_class class;

	TRY(file_create(&f, path, 0600, x->c->force, e));
	class = put_all_keys(x, &f, e);
	if (class != ERR_NONE) {
		file_abandon(&f);
		return class;
	}
	TRY(file_commit(&f, e));
	buf_add(&x->written, path, strlen(path) + 1);
	return ERR_NONE;
}

/* ---- the command ---- */

static enum err_class bad_wave(struct err *e, const char *code, const char *ja,
    const char *en, const char *detail)
{
	err_set(e, ERR_INPUT, code, ja, en);
	return err_detail(e, "%s", detail);
}

/* S4: nobody is asked without a legal basis that is in force. */
static enum err_class check_basis(struct convert *x, struct err *e)
{
	const char *basis = cli_value(x->c, "basis");
	const struct codes *codes;
	struct date day;

	TRY(codes_load(&x->c->arena, &codes, e));
	(void)date_parse(x->wave.base_date, &day);
	if (codes_basis_on(codes, text_z(basis), day) == NULL)
		return bad_wave(e, "wave.basis",
		    "その日に効力のある根拠法令ではありません",
		    "no legal basis in force on that day", basis);
	x->wave.basis = text_z(basis);
	for (size_t i = 0; i < x->targets; i++)
		if (!layout_accepts_basis(x->target[i].l, x->wave.basis))
			return bad_wave(e, "layout.basis",
			    "この金融機関が受け付けない根拠法令です",
			    "the institution does not accept this basis",
			    x->target[i].code);
	return ERR_NONE;
}

static enum err_class take_wave(struct convert *x, struct err *e)
{
	const char *base = cli_value(x->c, "base-date");
	const char *period = cli_value(x->c, "period");
	const char *slash = strchr(period, '/');
	struct date from;
	struct date to;

	if (!date_parse(text_z(base), &from))
		return bad_wave(e, "wave.scope", "調査基準日が違います",
		    "not a base date", base);
	if (slash == NULL ||
	    !date_parse(text_trust(period, (size_t)(slash - period)), &from) ||
	    !date_parse(text_z(slash + 1), &to) || date_cmp(from, to) > 0)
		return bad_wave(e, "wave.scope", "照会対象期間が違います",
		    "not a period", "D/D");
	x->wave.base_date = text_z(base);
	x->wave.period = text_z(period);
	x->wave.order_code =
	    text_z(arena_printf(&x->c->arena, "%s-001", x->authority));
	return check_basis(x, e);
}

static enum err_class take_layout(
    struct convert *x, const char *path, struct err *e)
{
	struct target *t = &x->target[x->targets];
	struct kanri k = {.wave = WAVE};
	enum err_class class = conversion_layout(x->c, path, &t->l, e);

	t->out.fd = -1;
	if (class != ERR_NONE)
		return class;
	layout_use_memo(t->l, x->memo);
	t->code = layout_institution(t->l);
	(void)snprintf(k.authority, sizeof(k.authority), "%s", x->authority);
	(void)snprintf(k.institution, sizeof(k.institution), "%s", t->code);
	if (!kanri_series_begin(&k, &t->numbers))
		return bad_wave(e, "wave.scope", "管理番号を作れません",
		    "no 管理番号 can be made", t->code);
	(void)snprintf(t->key_end, sizeof(t->key_end), ",%s\r\n", t->code);
	x->targets++;
	for (size_t i = 0; i + 1 < x->targets; i++)
		if (strcmp(x->target[i].code, t->code) == 0)
			return bad_wave(e, "layout.overlap",
			    "同じ金融機関のルールが二つあります",
			    "two layouts of one institution", t->code);
	return ERR_NONE;
}

static enum err_class make_folders(struct convert *x, struct err *e)
{
	for (size_t i = 0; i < x->targets; i++)
		TRY(conversion_folder(arena_printf(&x->c->arena, "%s/%s",
					  x->v.dir, x->target[i].code),
		    e));
	return ERR_NONE;
}

static void make_log(struct convert *x)
{
	size_t n = offsetof(struct person, sent) + (x->targets + 7) / 8;

	x->person_size = (n + 7) / 8 * 8;
	x->now = arena_zero(&x->c->arena, 1, x->person_size);
	x->then = arena_zero(&x->c->arena, 1, x->person_size);
	x->seen = seen_new(x->v.dir);
}

static void count_changes(struct convert *x)
{
	struct layout_report report = {.tally = conversion_count, .ctx = &x->v};

	for (size_t i = 0; i < x->targets; i++)
		layout_tell(x->target[i].l, &report);
}

static enum err_class work(struct convert *x, struct err *e)
{
	TRY(take_wave(x, e));
	TRY(conversion_begin(&x->v, x->c, cli_value(x->c, "out"), e));
	TRY(make_folders(x, e));
	make_log(x);
	TRY(read_subjects(x, e));
	for (size_t i = 0; i < x->targets; i++)
		TRY(end_file(x, &x->target[i], e));
	count_changes(x);
	TRY(place_all(x, e));
	TRY(put_keys(x, e));
	return conversion_end(&x->v, e);
}

static void fini(struct convert *x)
{
	for (size_t i = 0; i < x->targets; i++) {
		layout_free(x->target[i].l);
		buf_fini(&x->target[i].file);
	}
	layout_memo_free(x->memo);
	seen_free(x->seen);
	spool_fini(&x->log);
	buf_fini(&x->line);
	buf_fini(&x->written);
	arena_fini(&x->texts[0]);
	arena_fini(&x->texts[1]);
	free(x);
}

static int run_all(struct convert *x)
{
	struct cli *c = x->c;
	struct err e;
	enum err_class class;

	class = take_layout(x, cli_value(c, "layout"), &e);
	for (int i = 0; i < c->args && class == ERR_NONE; i++)
		class = take_layout(x, c->arg[i], &e);
	/* A layout's findings have been told one by one. */
	if (class != ERR_NONE && strncmp(e.code, "layout.", 7) == 0 &&
	    strcmp(e.code, "layout.overlap") != 0)
		return err_exit(class);
	if (class == ERR_NONE)
		class = work(x, &e);
	cli_progress_end(c);
	if (class == ERR_NONE)
		return x->v.held != 0 || x->refused != 0;
	take_back(x);
	conversion_abandon(&x->v);
	return cli_fail(c, &e);
}

static int run_convert(struct cli *c)
{
	static const char *const needed[] = {
	    "layout", "in", "out", "basis", "base-date", "period"};
	struct convert *x;
	const char *authority = cli_value(c, "authority");
	int exit_code;

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (cli_value(c, needed[i]) == NULL)
			return cli_usage(c, "--%s is needed", needed[i]);
	if (authority != NULL && !text_is_digits(text_z(authority), 6, 6))
		return cli_usage(c, "--authority takes six digits");
	x = arena_xmalloc(sizeof(*x));
	*x = (struct convert){.c = c, .v = {.hold = {.fd = -1}}};
	x->arena = &x->texts[0];
	x->row = &x->texts[1];
	spool_init(&x->log, cli_value(c, "out"));
	x->memo = layout_memo_new();
	x->authority = authority ? authority : "000000";
	exit_code = run_all(x);
	fini(x);
	return exit_code;
}

const struct cli_command cmd_convert = {
    .words = "convert",
    .args = "--layout FILE… --in SUBJECTS --out DIR --basis CODE "
	    "--base-date D --period D/D",
    .help = "writes the request files of institutions, without a node.\n"
	    "       DIR/CODE/ has the files, DIR/keys.csv whose they are, "
	    "DIR/hold.csv what is\n       held and why, DIR/summary.json the "
	    "counts; exit 1 if anything is held.",
    .args_min = 0,
    .args_max = -1,
    .options = {{"layout", "FILE", "a rule file; more may follow"},
	{"in", "FILE", "subjects.csv, or - for stdin"},
	{"out", "DIR", "where to write"}, {"basis", "CODE", "the legal basis"},
	{"base-date", "D", "YYYY-MM-DD"},
	{"period", "D/D", "the period asked for"},
	{"authority", "CODE", "of the 管理番号 (000000)"},
	{"encoding", "ENC", "of SUBJECTS: utf-8 (default) or cp932"}},
    .run = run_convert,
};
