/* folder_manifest.c — see folder_manifest.h. */
#include "exchange/folder_manifest.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define VERSION 1
#define MANIFEST_MAX 65536 /* bytes of a manifest */

static const char *const kinds[] = {"messages", "receipts"};

void folder_manifest_write(const struct folder_manifest *m, struct buf *out)
{
	json_t *ids = json_array();
	json_t *j;
	char *z;

	for (size_t i = 0; i < m->count; i++)
		if (json_array_append_new(ids, json_string(m->id[i])) != 0)
			abort(); /* out of memory */
	j = json_pack("{s:i,s:s,s:s,s:s,s:o}", "shokai", VERSION, "kind",
	    kinds[m->kind], "from", m->from, "to", m->to, "ids", ids);
	z = j ? json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (z == NULL)
		abort(); /* out of memory */
	buf_z(out, z);
	free(z);
	json_decref(j);
}

static enum err_class bad(struct err *e)
{
	return err_set(e, ERR_INPUT, "folder.manifest",
	    "ZIP の manifest.json が正しくありません",
	    "the manifest of the ZIP is not as it should be");
}

static bool read_code(const json_t *j, char out[NODE_CODE])
{
	const char *z = json_string_value(j);
	size_t n = z ? strlen(z) : 0;

	if (n == 0 || n >= NODE_CODE)
		return false;
	memcpy(out, z, n + 1);
	return true;
}

static bool read_ids(const json_t *ids, struct folder_manifest *out)
{
	size_t n = json_array_size(ids);

	if (n == 0 || n > GATE_BATCH)
		return false;
	for (; out->count < n; out->count++) {
		const char *z =
		    json_string_value(json_array_get(ids, out->count));

		if (z == NULL || strlen(z) != HEADER_ID - 1 ||
		    strspn(z, "0123456789abcdef") != HEADER_ID - 1)
			return false;
		memcpy(out->id[out->count], z, HEADER_ID);
	}
	return true;
}

static bool read_all(const json_t *j, struct folder_manifest *out)
{
	const char *kind = json_string_value(json_object_get(j, "kind"));

	if (json_object_size(j) != 5 || kind == NULL ||
	    json_integer_value(json_object_get(j, "shokai")) != VERSION)
		return false;
	if (strcmp(kind, kinds[FOLDER_MESSAGES]) == 0)
		out->kind = FOLDER_MESSAGES;
	else if (strcmp(kind, kinds[FOLDER_RECEIPTS]) == 0)
		out->kind = FOLDER_RECEIPTS;
	else
		return false;
	return read_code(json_object_get(j, "from"), out->from) &&
	       read_code(json_object_get(j, "to"), out->to) &&
	       read_ids(json_object_get(j, "ids"), out);
}

enum err_class folder_manifest_read(
    struct bytes json, struct folder_manifest *out, struct err *e)
{
	json_t *j = json.n > MANIFEST_MAX
			? NULL
			: json_loadb((const char *)json.p, json.n,
			      JSON_REJECT_DUPLICATES, NULL);
	bool ok;

	*out = (struct folder_manifest){0};
	ok = j != NULL && read_all(j, out);
	json_decref(j);
	return ok ? ERR_NONE : bad(e);
}
