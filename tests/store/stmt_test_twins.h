/* stmt_test_twins.h — the driver's own tests on PostgreSQL. */
#ifndef SHOKAI_TESTS_STMT_TEST_TWINS_H
#define SHOKAI_TESTS_STMT_TEST_TWINS_H

#define POSTGRES_TWINS(X)                                                      \
	X(FACT_GET, "SELECT value, pg_typeof(value)::text FROM fact"           \
		    " WHERE name = ?1")

/* Fewer rows at a time than the tests ask for. */
#define POSTGRES_LARGE(X) X(FACT_LIKE, 2)

/* Beside FACT_PUT, whose rows may meet. */
#define POSTGRES_APART(X)                                                      \
	X(FACT_PUT_APART)                                                      \
	X(FACT_COPY_APART)

#define POSTGRES_IMPORT(X) X(FACT_ADD_ONCE)
#define POSTGRES_NEW(X) X(FACT_ADD_ONCE)

#endif
