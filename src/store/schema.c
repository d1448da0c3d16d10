/* schema.c — see schema.h. */
#include "store/schema.h"

#include "schema_sql.h"

#define FILES (sizeof(schema_files) / sizeof(schema_files[0]))

/* In the order of application: later parts refer to earlier ones. */
static const char *const *parts_of(enum store_party party)
{
	static const char *const ward[] = {"common", "asked", "ward", NULL};
	static const char *const unit[] = {"common", "asked", "unit", NULL};
	static const char *const hub[] = {"common", "hub", NULL};
	static const char *const bank[] = {"common", "bank", NULL};

	switch (party) {
	case STORE_WARD:
		return ward;
	case STORE_UNIT:
		return unit;
	case STORE_HUB:
		return hub;
	case STORE_BANK:
		return bank;
	}
	return NULL;
}

int schema_version(void)
{
	int newest = 0;

	for (size_t i = 0; i < FILES; i++)
		if (schema_files[i].version > newest)
			newest = schema_files[i].version;
	return newest;
}

static const char *file_of(int version, const char *part)
{
	for (size_t i = 0; i < FILES; i++)
		if (schema_files[i].version == version &&
		    strcmp(schema_files[i].part, part) == 0)
			return schema_files[i].sql;
	return NULL;
}

const char *schema_part(int version, enum store_party party, int i)
{
	const char *const *part = parts_of(party);

	for (; *part != NULL; part++) {
		const char *sql = file_of(version, *part);

		if (sql != NULL && i-- == 0)
			return sql;
	}
	return NULL;
}
