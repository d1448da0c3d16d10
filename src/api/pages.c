/* pages.c — see pages.h. */
#include "api/pages.h"

#include "base/file.h"

#include <dirent.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 500
#define FILE_MAX ((size_t)2 << 20)
#define DEPTH_MAX 4

struct page_file {
	char *name; /* below web/, "css/base.css" */
	const char *type;
	struct buf body;
};

struct page {
	char *path;
	size_t file;
};

struct pages {
	struct arena arena;
	struct page_file file[FILES_MAX];
	size_t files;
	struct page *page;
	size_t count;
};

static const char *type_of(const char *name)
{
	static const struct {
		const char *ending;
		const char *type;
	} types[] = {
	    {".html", "text/html; charset=utf-8"},
	    {".css", "text/css; charset=utf-8"},
	    {".js", "text/javascript; charset=utf-8"},
	    {".json", "application/json"},
	    {".md", "text/markdown; charset=utf-8"},
	    {".svg", "image/svg+xml"},
	    {".png", "image/png"},
	    {".woff2", "font/woff2"},
	};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		size_t m = strlen(types[i].ending);

		if (n > m && strcmp(name + n - m, types[i].ending) == 0)
			return types[i].type;
	}
	return NULL;
}

static enum err_class too_large(struct err *e, const char *name)
{
	err_set(e, ERR_LIMIT, "pages.too_large", "画面のファイルが大きすぎます",
	    "too many files of pages, or one that is too large");
	return err_detail(e, "%s", name);
}

static enum err_class add_file(
    struct pages *p, const char *path, const char *name, struct err *e)
{
	struct page_file *f = &p->file[p->files];

	if (type_of(name) == NULL)
		return ERR_NONE;
	if (p->files == FILES_MAX)
		return too_large(e, name);
	f->name = arena_copy(&p->arena, name, strlen(name));
	f->type = type_of(name);
	p->files++;
	return file_read(path, FILE_MAX, &f->body, e);
}

/* The files of one folder; below it, as far as DEPTH_MAX. */
static enum err_class add_folder(struct pages *p, const char *dir,
    const char *below, int depth, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	enum err_class c = ERR_NONE;

	while (c == ERR_NONE && d != NULL && (entry = readdir(d)) != NULL) {
		char *path =
		    arena_printf(&p->arena, "%s/%s", dir, entry->d_name);
		char *name =
		    arena_printf(&p->arena, "%s%s", below, entry->d_name);
		struct stat st;

		if (entry->d_name[0] == '.' || lstat(path, &st) != 0)
			continue;
		if (S_ISREG(st.st_mode))
			c = add_file(p, path, name, e);
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			c = add_folder(p, path,
			    arena_printf(&p->arena, "%s/", name), depth + 1, e);
	}
	if (d != NULL)
		(void)closedir(d);
	return c;
}

static bool file_named(const struct pages *p, struct text name, size_t *at)
{
	for (size_t i = 0; i < p->files; i++)
		if (text_is(name, p->file[i].name)) {
			*at = i;
			return true;
		}
	return false;
}

static enum err_class bad_list(struct err *e)
{
	return err_set(e, ERR_INPUT, "pages.list",
	    "web/pages.json が正しくありません",
	    "web/pages.json is no list of pages with path and file");
}

static enum err_class read_list(struct pages *p, struct err *e)
{
	size_t at;
	json_t *root;
	json_t *list;
	json_t *one;
	size_t i;
	enum err_class c = ERR_NONE;

	if (!file_named(p, TEXT("pages.json"), &at))
		return ERR_NONE;
	root = json_loadb((const char *)p->file[at].body.p, p->file[at].body.n,
	    JSON_REJECT_DUPLICATES, NULL);
	list = json_object_get(root, "pages");
	p->page =
	    arena_zero(&p->arena, json_array_size(list) + 1, sizeof(*p->page));
	if (!json_is_array(list))
		c = bad_list(e);
	json_array_foreach(list, i, one)
	{
		const char *path =
		    json_string_value(json_object_get(one, "path"));
		const char *file =
		    json_string_value(json_object_get(one, "file"));

		if (path == NULL || file == NULL || path[0] != '/' ||
		    !file_named(p, text_z(file), &at)) {
			c = bad_list(e);
			break;
		}
		p->page[p->count++] = (struct page){
		    arena_copy(&p->arena, path, strlen(path)), at};
	}
	json_decref(root);
	return c;
}

enum err_class pages_load(const char *dir, struct pages **out, struct err *e)
{
	struct pages *p = arena_xmalloc(sizeof(*p));
	enum err_class c = ERR_NONE;

	memset(p, 0, sizeof(*p));
	if (dir != NULL)
		c = add_folder(p, dir, "", 0, e);
	if (c == ERR_NONE)
		c = read_list(p, e);
	*out = p;
	return c;
}

void pages_free(struct pages *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->files; i++)
		buf_fini(&p->file[i].body);
	arena_fini(&p->arena);
	free(p);
}

/* Does a path fit, "{NAME}" standing for one segment that is not empty? */
static bool fits(const char *pattern, struct text path)
{
	size_t i = 0;

	while (*pattern != '\0') {
		if (*pattern == '{') {
			size_t from = i;

			pattern += strcspn(pattern, "}") + 1;
			while (i < path.n && path.p[i] != '/')
				i++;
			if (i == from)
				return false;
		} else if (i < path.n && path.p[i] == *pattern) {
			pattern++;
			i++;
		} else {
			return false;
		}
	}
	return i == path.n;
}

bool pages_find(const struct pages *p, struct text path, struct bytes *body,
    const char **type)
{
	const struct text web = TEXT("/web/");
	size_t at = 0;
	bool found = false;

	if (path.n > web.n && memcmp(path.p, web.p, web.n) == 0)
		found = file_named(
		    p, text_trust(path.p + web.n, path.n - web.n), &at);
	for (size_t i = 0; i < p->count && !found; i++) {
		found = fits(p->page[i].path, path);
		at = p->page[i].file;
	}
	if (!found)
		return false;
	*body = buf_bytes(&p->file[at].body);
	*type = p->file[at].type;
	return true;
}

char *pages_dir(struct arena *a)
{
	static const char *const places[] = {"../web", "../share/shokai/web"};
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		char *dir = arena_printf(a, "%s/%s", exe, places[i]);

		if (access(dir, R_OK | X_OK) == 0)
			return dir;
	}
	return NULL;
}
