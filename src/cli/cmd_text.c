/* cmd_text.c — shokai text: rules and encodings on lines of text. */
#include "cli/cli.h"
#include "cli/commands.h"

#include "base/file.h"
#include "text/encoding.h"
#include "text/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536
#define READ_BYTES 262144

struct work {
	struct cli *cli;
	const struct rules *rules;
	enum encoding from;
	enum encoding to;
	struct file trace;
	bool traced;
	/* The file is not what it is said to be: every line is refused. */
	struct rules_report whole;
	long line;
	struct arena arena; /* of the line at hand */
	struct buf decoded;
	struct buf encoded;
	struct err *e;
	enum err_class failed; /* writing the trace */
};

static void trace_put(struct work *w, json_t *j)
{
	char *z = json_dumps(j, JSON_COMPACT);

	if (z == NULL)
		abort();
	if (w->failed == ERR_NONE)
		w->failed = file_write(&w->trace, text_bytes(text_z(z)), w->e);
	if (w->failed == ERR_NONE)
		w->failed = file_write(&w->trace, BYTES("\n", 1), w->e);
	free(z);
	json_decref(j);
}

static void note(void *ctx, const struct rules_change *change)
{
	struct work *w = ctx;

	json_t *j = json_pack("{s:I, s:s, s:I, s:s%, s:s%, s:s}", "line",
	    (json_int_t)w->line, "rule", change->rule, "at",
	    (json_int_t)change->at, "before", change->before.p,
	    change->before.n, "after", change->after.p, change->after.n, "loss",
	    change->loss == RULES_MATERIAL ? "material" : "informational");

	if (j == NULL)
		abort();
	if (change->candidates.n != 0 &&
	    json_object_set_new(j, "candidates",
		json_stringn(change->candidates.p, change->candidates.n)) != 0)
		abort();
	trace_put(w, j);
}

static void found(void *ctx, const struct rules_finding *finding)
{
	struct work *w = ctx;
	char character[16];

	(void)snprintf(
	    character, sizeof(character), "U+%04X", (unsigned)finding->c);
	trace_put(w,
	    json_pack("{s:I, s:s, s:I, s:s, s:s}", "line", (json_int_t)w->line,
		"rule", finding->rule, "at", (json_int_t)finding->at, "char",
		character, "found", w->cli->ja ? finding->ja : finding->en));
}

/* The refusal goes to the trace with its character, to stderr without (S5). */
static void refuse(struct work *w, const struct rules_report *r)
{
	char character[16] = "";
	struct err e;

	if (r->bad != 0)
		(void)snprintf(
		    character, sizeof(character), "U+%04X", (unsigned)r->bad);
	if (w->traced)
		trace_put(w, json_pack("{s:I, s:s, s:I, s:s, s:s}", "line",
				 (json_int_t)w->line, "rule", r->rule, "at",
				 (json_int_t)r->at, "char", character,
				 "refused", w->cli->ja ? r->ja : r->en));
	(void)err_set(&e, ERR_INPUT, "text.refused", r->ja, r->en);
	(void)err_at(&e, NULL, w->line, (long)r->at, NULL);
	(void)err_detail(&e, "%s", r->rule);
	refusals_add(&w->cli->refusals, &e);
}

static void refuse_encoding(struct work *w, const char *option,
    enum encoding enc, size_t at, uint32_t bad)
{
	struct rules_report r = {.at = at, .bad = bad};
	char name[32];

	(void)snprintf(name, sizeof(name), "%s:%s", option, encoding_name(enc));
	r.rule = name;
	r.ja = "この文字コードにない文字です";
	r.en = "not in this encoding";
	refuse(w, &r);
}

/* A 全銀 file in EBCDIC, or a byte order mark where none belongs; a mark of
 * UTF-8 in UTF-8 is taken off. */
static void look_at_file(struct work *w, struct bytes *in)
{
	if (!encoding_skip_mark(w->from, in)) {
		w->whole.ja = "この文字コードにないバイト順マークがあります";
		w->whole.en = "a byte order mark that is not this encoding's";
	} else if (w->from == ENCODING_ZENGIN && encoding_marked_ebcdic(*in)) {
		w->whole.ja = "EBCDICのファイルです";
		w->whole.en = "a file in EBCDIC";
	} else {
		return;
	}
	w->whole.rule =
	    arena_printf(&w->cli->arena, "from:%s", encoding_name(w->from));
	w->whole.at = 1;
}

static size_t characters_before(struct text t, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < at; i++)
		n += ((unsigned char)t.p[i] & 0xC0) != 0x80;
	return n;
}

/* One line through; false if it was refused. */
static bool convert(struct work *w, struct bytes in)
{
	struct rules_report report = {.ctx = w};
	struct text out;
	size_t at;
	uint32_t bad;

	buf_clear(&w->decoded);
	buf_clear(&w->encoded);
	if (w->line == 1)
		look_at_file(w, &in);
	if (w->whole.rule != NULL) {
		refuse(w, &w->whole);
		return false;
	}
	if (!encoding_decode(w->from, in, &w->decoded, &at)) {
		refuse_encoding(w, "from", w->from, at + 1, 0);
		return false;
	}
	if (w->traced) {
		report.note = note;
		report.found = found;
	}
	if (!rules_apply(
		w->rules, buf_text(&w->decoded), &w->arena, &out, &report)) {
		refuse(w, &report);
		return false;
	}
	if (!encoding_encode(w->to, out, &w->encoded, &at, &bad)) {
		refuse_encoding(
		    w, "to", w->to, characters_before(out, at) + 1, bad);
		return false;
	}
	return true;
}

static bool one_line(struct work *w, struct bytes in)
{
	bool ok;

	w->line++;
	if (in.n > 0 && in.p[in.n - 1] == '\r')
		in.n--;
	ok = convert(w, in);
	if (ok && w->encoded.n > 0)
		(void)fwrite(w->encoded.p, 1, w->encoded.n, stdout);
	(void)fputc(encoding_newline(w->to), stdout);
	arena_reset(&w->arena);
	return ok;
}

/* A line over the bound is refused alone: the rest of it is skipped (F1). */
static void too_long(struct work *w)
{
	struct rules_report r = {
	    .rule = "line",
	    .at = LINE_MAX_BYTES,
	    .ja = "行が長すぎます (64 KiBまで)",
	    .en = "line too long (64 KiB at most)",
	};

	w->line++;
	refuse(w, &r);
	(void)fputc(encoding_newline(w->to), stdout);
}

/* All whole lines of the window; true if none was refused. */
static bool whole_lines(struct work *w, struct buf *window, bool *skipping)
{
	bool ok = true;
	size_t at = 0;

	for (;;) {
		unsigned char *p = window->p + at;
		unsigned char *nl = memchr(p, '\n', window->n - at);

		if (nl == NULL)
			break;
		if (*skipping) {
			*skipping = false;
		} else if ((size_t)(nl - p) > LINE_MAX_BYTES) {
			too_long(w);
			ok = false;
		} else if (!one_line(w, BYTES(p, nl - p))) {
			ok = false;
		}
		at += (size_t)(nl - p) + 1;
	}
	memmove(window->p, window->p + at, window->n - at);
	window->n -= at;
	if (window->n > LINE_MAX_BYTES && !*skipping) {
		too_long(w);
		ok = false;
		*skipping = true;
	}
	if (*skipping)
		window->n = 0;
	return ok;
}

/* ERR_NONE with *ok false if a line was refused. */
static enum err_class all_lines(struct work *w, int fd, bool *ok)
{
	struct buf window = {0};
	bool skipping = false;
	ssize_t n;

	*ok = true;
	do {
		buf_room(&window, READ_BYTES);
		n = read(fd, window.p + window.n, READ_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			window.n += (size_t)n;
		*ok = whole_lines(w, &window, &skipping) && *ok;
	} while (n != 0 && !(n < 0 && errno != EINTR) && w->failed == ERR_NONE);
	if (n == 0 && window.n > 0)
		*ok = one_line(w, buf_bytes(&window)) && *ok;
	buf_fini(&window);
	if (n < 0)
		return err_errno(w->e, "read");
	return w->failed;
}

static void print_entry(const struct rules_entry *r)
{
	cli_print(json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:s}", "rule",
	    r->rule, "args", r->args, "loss", r->loss, "idempotent",
	    (int)r->idempotent, "built", (int)r->built, "source", r->source,
	    "version", SHOKAI_VERSION));
}

static int list(const struct cli *c)
{
	size_t n;
	const struct rules_entry *r = rules_table(&n);

	for (size_t i = 0; i < n; i++) {
		if (c->json)
			print_entry(&r[i]);
		else
			(void)printf("%s%s%s\t%s\t%s%s\n", r[i].rule,
			    r[i].args[0] ? ":" : "", r[i].args, r[i].loss,
			    r[i].source, r[i].built ? "" : "\tnot built");
	}
	return 0;
}

/* --from or --to; false after a usage error. */
static bool encoding_option(struct cli *c, const char *name,
    bool (*named)(struct text, enum encoding *), enum encoding *out)
{
	const char *z = cli_value(c, name);

	*out = ENCODING_UTF8;
	if (z == NULL || named(text_z(z), out))
		return true;
	(void)cli_usage(
	    c, "--%s %s: no such encoding, or only written", name, z);
	return false;
}

static int run_lines(struct work *w, int fd)
{
	const char *path = cli_value(w->cli, "trace");
	enum err_class class = ERR_NONE;
	bool ok = true;

	w->traced = path != NULL;
	if (w->traced)
		class = file_create(&w->trace, path, 0600, w->cli->force, w->e);
	if (class == ERR_NONE) {
		class = all_lines(w, fd, &ok);
		if (class == ERR_NONE && w->traced)
			class = file_commit(&w->trace, w->e);
		if (w->traced)
			file_abandon(&w->trace);
	}
	arena_fini(&w->arena);
	buf_fini(&w->decoded);
	buf_fini(&w->encoded);
	if (class != ERR_NONE)
		return cli_fail(w->cli, w->e);
	return ok ? 0 : 1;
}

static int run(struct cli *c)
{
	const char *rules = cli_value(c, "rules");
	struct err e;
	struct work w = {.cli = c, .e = &e};
	struct text names;
	size_t bad;
	int fd = STDIN_FILENO;
	int code;

	if (cli_value(c, "list") != NULL)
		return list(c);
	if (rules == NULL)
		return cli_usage(c, "--rules LIST or --list is needed");
	if (cli_value(c, "trace") != NULL &&
	    strcmp(cli_value(c, "trace"), "-") == 0)
		return cli_usage(c, "--trace takes a file: stdout is taken");
	if (!encoding_option(c, "from", encoding_named, &w.from) ||
	    !encoding_option(c, "to", encoding_named_out, &w.to))
		return 2;
	if (!encoding_decode(
		ENCODING_UTF8, text_bytes(text_z(rules)), &w.decoded, &bad))
		return cli_usage(c, "--rules is not UTF-8");
	names = text_dup(&c->arena, buf_text(&w.decoded));
	if (rules_parse(&c->arena, names, &w.rules, &e) != ERR_NONE) {
		buf_fini(&w.decoded);
		return cli_usage(c, "%s: %s", e.detail, c->ja ? e.ja : e.en);
	}
	if (c->args == 1 && strcmp(c->arg[0], "-") != 0) {
		fd = open(c->arg[0], O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			buf_fini(&w.decoded);
			(void)err_set(&e, ERR_INPUT, "file.missing",
			    "ファイルを開けません", "cannot open the file");
			(void)err_detail(&e, "%s", c->arg[0]);
			return cli_fail(c, &e);
		}
	}
	code = run_lines(&w, fd);
	if (fd != STDIN_FILENO)
		(void)close(fd); /* only read */
	return code;
}

const struct cli_command cmd_text = {
    .words = "text",
    .args = "[FILE]",
    .help = "applies text rules to each line of FILE or stdin; one line out "
	    "for each line in, empty if it is refused",
    .args_min = 0,
    .args_max = 1,
    .options =
	{
	    {"rules", "LIST", "rules, joined by commas, from left to right"},
	    {"from", "ENCODING", "utf-8 (default), cp932 or zengin"},
	    {"to", "ENCODING",
		"utf-8 (default), cp932, zengin, ibm930 or ibm939"},
	    {"trace", "FILE", "write each change and refusal as JSON Lines"},
	    {"list", NULL, "list all rules"},
	},
    .run = run,
};
