/* layouts.c — see layouts.h. */
#include "parties/layouts.h"

#include "base/date.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define LAYOUT_MAX ((size_t)256 * 1024) /* bytes of a rule file */
#define PATH_MAX_ 4096

struct loaded {
	struct loaded *next;
	char institution[8];
	char version[11];
	bool own_tables; /* for provenance alone */
	struct layout *layout;
};

struct layouts {
	char *dir;
	struct loaded *first;
	struct layout_memo *memo; /* NULL: nobody has asked for it */
};

struct layouts *layouts_new(const char *dir)
{
	struct layouts *l = arena_xmalloc(sizeof(*l));

	l->dir = strdup(dir);
	if (l->dir == NULL)
		abort();
	l->first = NULL;
	l->memo = NULL;
	return l;
}

void layouts_free(struct layouts *l)
{
	struct loaded *x;

	if (l == NULL)
		return;
	while ((x = l->first) != NULL) {
		l->first = x->next;
		layout_free(x->layout);
		free(x);
	}
	layout_memo_free(l->memo);
	free(l->dir);
	free(l);
}

static bool is_institution(const char *z)
{
	return text_is_digits(text_z(z), 4, 4);
}

static enum err_class missing(
    struct err *e, const char *institution, const char *day)
{
	err_set(e, ERR_INPUT, "layout.missing",
	    "その金融機関のレイアウトがありません",
	    "no layout in force for that institution");
	return err_detail(e, "%s %s", institution, day);
}

/* The newest version in the institution's folder not after day. */
static bool newest(
    const char *dir, const char *institution, const char *day, char version[11])
{
	char path[PATH_MAX_];
	struct dirent *entry;
	DIR *d;

	version[0] = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", dir, institution);
	d = opendir(path);
	if (d == NULL)
		return false;
	while ((entry = readdir(d)) != NULL) {
		struct date parsed;
		const char *z = entry->d_name;

		if (strlen(z) != 15 || strcmp(z + 10, ".yaml") != 0 ||
		    !date_parse(text_trust(z, 10), &parsed))
			continue;
		if (strncmp(z, day, 10) <= 0 && strncmp(z, version, 10) > 0) {
			memcpy(version, z, 10);
			version[10] = '\0';
		}
	}
	(void)closedir(d);
	return version[0] != '\0';
}

static struct loaded *load(struct layouts *l, const char *institution,
    const char *version, struct err *e)
{
	char path[PATH_MAX_];
	struct buf yaml = {0};
	struct layout *layout = NULL;
	enum err_class c;
	struct loaded *x;

	(void)snprintf(
	    path, sizeof(path), "%s/%s/%s.yaml", l->dir, institution, version);
	c = file_read(path, LAYOUT_MAX, &yaml, e);
	if (c == ERR_NONE)
		c = layout_load(buf_bytes(&yaml), path, NULL, NULL, &layout, e);
	buf_fini(&yaml);
	if (c != ERR_NONE)
		return NULL;
	/* layouts_install keeps one rule file under several codes. */
	if (strcmp(layout_institution(layout), institution) != 0) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%s（%s）",
		    layout_name(layout), institution);
		if (layout_rename(layout, institution, name, e) != ERR_NONE) {
			layout_free(layout);
			return NULL;
		}
	}
	x = arena_xmalloc(sizeof(*x));
	*x = (struct loaded){.next = l->first, .layout = layout};
	(void)snprintf(
	    x->institution, sizeof(x->institution), "%s", institution);
	(void)snprintf(x->version, sizeof(x->version), "%s", version);
	l->first = x;
	return x;
}

static struct layout *version_of(struct layouts *l, const char *institution,
    const char *version, bool own_tables, struct err *e)
{
	struct loaded *x;
	struct date d;

	for (x = l->first; x != NULL; x = x->next)
		if (strcmp(x->institution, institution) == 0 &&
		    strcmp(x->version, version) == 0 &&
		    x->own_tables == own_tables)
			return x->layout;
	/* Both go into a path: nothing but their own form may. */
	if (!is_institution(institution) || !date_parse(text_z(version), &d)) {
		(void)missing(e, institution, version);
		return NULL;
	}
	x = load(l, institution, version, e);
	if (x == NULL)
		return NULL;
	x->own_tables = own_tables;
	return x->layout;
}

struct layout *layouts_version(struct layouts *l, const char *institution,
    const char *version, struct err *e)
{
	return version_of(l, institution, version, false, e);
}

struct layout *layouts_with_tables(struct layouts *l, const char *institution,
    const char *version, const char *tables, struct err *e)
{
	struct layout *x = version_of(l, institution, version, true, e);

	if (x != NULL && !layout_use_tables(x, tables))
		(void)layout_use_tables(x, NULL);
	return x;
}

void layouts_remember(struct layouts *l, struct layout *x)
{
	if (l->memo == NULL)
		l->memo = layout_memo_new();
	layout_use_memo(x, l->memo);
}

struct layout *layouts_on(
    struct layouts *l, const char *institution, const char *day, struct err *e)
{
	char version[11];

	if (l == NULL || !is_institution(institution) ||
	    !newest(l->dir, institution, day, version)) {
		(void)missing(e, institution, day);
		return NULL;
	}
	return layouts_version(l, institution, version, e);
}

enum err_class layouts_install(const char *dir, struct bytes yaml,
    const char *name, const char *as_institution, struct err *e)
{
	char path[PATH_MAX_];
	struct layout *layout;
	const char *code;
	enum err_class c;

	TRY(layout_load(yaml, name, NULL, NULL, &layout, e));
	code = as_institution ? as_institution : layout_institution(layout);
	if (!is_institution(code)) {
		layout_free(layout);
		return err_set(e, ERR_INPUT, "layout.syntax",
		    "金融機関コードは数字4桁です",
		    "an institution's code is 4 digits");
	}
	(void)snprintf(path, sizeof(path), "%s/%s", dir, code);
	if ((mkdir(dir, 0700) != 0 && errno != EEXIST) ||
	    (mkdir(path, 0700) != 0 && errno != EEXIST)) {
		layout_free(layout);
		return err_errno(e, path);
	}
	(void)snprintf(path, sizeof(path), "%s/%s/%s.yaml", dir, code,
	    layout_version(layout));
	layout_free(layout);
	c = file_put(path, yaml, 0600, true, e);
	return c;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The names in a folder, in order; how many. */
static int names_in(const char *path, struct dirent ***out)
{
	int n = scandir(path, out, NULL, by_name);

	return n < 0 ? 0 : n;
}

void layouts_list(const char *dir,
    void (*row)(void *ctx, const char *institution, const char *version),
    void *ctx)
{
	struct dirent **institutions = NULL;
	int n = names_in(dir, &institutions);

	for (int i = 0; i < n; i++) {
		const char *institution = institutions[i]->d_name;
		struct dirent **files = NULL;
		char path[PATH_MAX_];
		int m;

		(void)snprintf(path, sizeof(path), "%s/%s", dir, institution);
		m = institution[0] == '.' ? 0 : names_in(path, &files);
		for (int k = 0; k < m; k++) {
			char *name = files[k]->d_name;

			if (strlen(name) == 15 &&
			    strcmp(name + 10, ".yaml") == 0) {
				name[10] = '\0';
				row(ctx, institution, name);
			}
			free(files[k]);
		}
		free(files);
		free(institutions[i]);
	}
	free(institutions);
}
