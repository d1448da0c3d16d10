/*
 * memory.h — out of memory ends the process, also where a library meets it.
 *
 * A library that cannot allocate says what it was doing: that a signature is
 * not right, that a text is no JSON. Taken for the truth, it would refuse for
 * ever what is good. The process ends instead (the database is the state),
 * and its successor looks again.
 */
#ifndef SHOKAI_BASE_MEMORY_H
#define SHOKAI_BASE_MEMORY_H

/* Says so on stderr, and ends the process. */
_Noreturn void memory_out(void);

/* From here on an allocation of OpenSSL or jansson succeeds or ends the
 * process. The first thing a program does: OpenSSL takes no other functions
 * once it has allocated (too late ends the process too). */
void memory_guard(void);

#endif
