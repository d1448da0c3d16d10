/* openapi.c — see openapi.h. */
#include "api/openapi.h"

#include "api/route.h"
#include "api/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static void add(json_t *array, json_t *v)
{
	if (json_array_append_new(array, v) != 0)
		abort(); /* out of memory */
}

static void set(json_t *o, const char *key, json_t *v)
{
	if (json_object_set_new(o, key, v) != 0)
		abort(); /* out of memory */
}

static json_t *header(const char *name, const char *schema_pattern)
{
	json_t *schema = json_pack("{s:s}", "type", "string");

	if (schema_pattern != NULL)
		set(schema, "pattern", json_string(schema_pattern));
	return json_pack("{s:s,s:s,s:b,s:o}", "name", name, "in", "header",
	    "required", schema_pattern != NULL, "schema", schema);
}

static bool changes(const struct route *r)
{
	return strcmp(r->method, "GET") != 0 && (r->flags & ROUTE_READS) == 0;
}

static json_t *parameters(const struct route *r)
{
	json_t *list = json_array();
	const char *p = r->path;
	const char *at = NULL;
	struct shape_key k;

	while ((p = strchr(p, '{')) != NULL) {
		size_t n = strcspn(p + 1, "}");

		add(list,
		    json_pack("{s:s%,s:s,s:b,s:{s:s}}", "name", p + 1, n, "in",
			"path", "required", 1, "schema", "type", "string"));
		p += n;
	}
	while (r->query != NULL && shape_next(r->query, &at, &k))
		add(list, json_pack("{s:s,s:s,s:b,s:o}", "name", k.name, "in",
			      "query", "required", !k.may_miss, "schema",
			      shape_schema_of(&k)));
	if ((r->flags & ROUTE_OPEN) == 0 && strcmp(r->method, "GET") != 0)
		add(list, header("X-CSRF-Token", "^[0-9a-f]{64}$"));
	if ((r->flags & ROUTE_OPEN) == 0 && changes(r))
		add(list, header("Idempotency-Key", "^[0-9A-Za-z_-]{8,64}$"));
	if (r->of != NULL)
		add(list, header("If-Match", NULL));
	return list;
}

static json_t *responses(const struct route *r)
{
	json_t *o = json_object();
	json_t *problem = json_pack("{s:s,s:{s:{s:{s:s}}}}", "description",
	    "a refusal", "content", "application/problem+json", "schema",
	    "$ref", "#/components/schemas/Problem");

	if (r->answer != NULL)
		set(o, "2XX",
		    json_pack("{s:s,s:{s:{s:o}}}", "description", "done",
			"content", "application/json", "schema",
			shape_schema(r->answer)));
	else
		set(o, "2XX", json_pack("{s:s}", "description", "done"));
	set(o, "4XX", json_incref(problem));
	set(o, "5XX", problem);
	return o;
}

static json_t *roles(const struct route *r)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ROLE_BITS; i++)
		if ((r->roles & 1U << i) != 0)
			add(list, json_string(ward_user_role_name(
				      (enum ward_user_role_bit)i)));
	return list;
}

/* "postWavesWaveSubmit" */
static void operation_id(const struct route *r, char *out, size_t room)
{
	size_t n = 0;
	bool capital = true;

	for (const char *p = r->method; *p != '\0' && n + 1 < room; p++)
		out[n++] = (char)tolower((unsigned char)*p);
	for (const char *p = r->path; *p != '\0' && n + 1 < room; p++) {
		if (!isalnum((unsigned char)*p)) {
			capital = true;
			continue;
		}
		out[n++] = capital ? (char)toupper((unsigned char)*p) : *p;
		capital = false;
	}
	out[n] = '\0';
}

static json_t *operation(const struct route *r)
{
	char id[128];
	json_t *o;

	operation_id(r, id, sizeof(id));
	o = json_pack("{s:s,s:s,s:o,s:o,s:o}", "operationId", id, "summary",
	    r->help, "parameters", parameters(r), "responses", responses(r),
	    "x-roles", roles(r));
	if (o == NULL)
		abort(); /* out of memory */
	if (r->request != NULL)
		set(o, "requestBody",
		    json_pack("{s:b,s:{s:{s:o}}}", "required", 1, "content",
			"application/json", "schema",
			shape_schema(r->request)));
	if (r->raw != NULL)
		set(o, "requestBody",
		    json_pack("{s:b,s:{s:{s:{s:s}}}}", "required", 1, "content",
			r->raw, "schema", "type", "string"));
	if ((r->flags & ROUTE_OPEN) != 0)
		set(o, "security", json_array());
	return o;
}

/* Roles are the scopes of a client's token. */
static json_t *scopes(void)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < ROLE_BITS; i++)
		set(o, ward_user_role_name((enum ward_user_role_bit)i),
		    json_string("the role"));
	return o;
}

json_t *openapi_document(enum store_party party)
{
	size_t n;
	const struct route *table = route_table(&n);
	json_t *paths = json_object();
	json_t *o;

	for (size_t i = 0; i < n; i++) {
		const struct route *r = &table[i];
		char method[16] = "";
		json_t *path;

		if ((r->parties & ROUTE_PARTY(party)) == 0)
			continue;
		for (size_t k = 0; k + 1 < sizeof(method) && r->method[k]; k++)
			method[k] = (char)tolower((unsigned char)r->method[k]);
		path = json_object_get(paths, r->path);
		if (path == NULL) {
			path = json_object();
			set(paths, r->path, path);
		}
		set(path, method, operation(r));
	}
	o = json_pack(
	    "{s:s,s:{s:s,s:s},s:[{s:s}],s:o,s:[{s:[]},{s:[]}],"
	    "s:{s:{s:{s:s,s:s,s:s},s:{s:s,s:{s:{s:s,s:o}}}},s:{s:o}}}",
	    "openapi", "3.1.0", "info", "title", "shokai desk", "version",
	    SHOKAI_VERSION, "servers", "url", ROUTE_PREFIX, "paths", paths,
	    "security", "session", "client", "components", "securitySchemes",
	    "session", "type", "apiKey", "in", "cookie", "name", SESSION_COOKIE,
	    "client", "type", "oauth2", "flows", "clientCredentials",
	    "tokenUrl", ROUTE_PREFIX "/token", "scopes", scopes(), "schemas",
	    "Problem",
	    shape_schema("type:s title:s status:i code:s where:o title_ja:s "
			 "title_en:s detail?:s"));
	if (o == NULL)
		abort(); /* out of memory */
	return o;
}
