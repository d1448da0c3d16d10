/*
 * data.S — the tables of data/ within the program. The build gives their
 * paths; codes_digest.h changes with their contents, so that this file is
 * assembled again.
 */
#include <codes_digest.h>

	.section .rodata

	.macro table name, path
	.globl codes_data_\name
	.type codes_data_\name, %object
codes_data_\name:
	.incbin "\path"
.Lend_\name:
	.size codes_data_\name, .Lend_\name - codes_data_\name
	.balign 8
	.globl codes_data_\name\()_size
	.type codes_data_\name\()_size, %object
codes_data_\name\()_size:
	.quad .Lend_\name - codes_data_\name
	.size codes_data_\name\()_size, 8
	.endm

	table basis, CODES_BASIS
	table kamoku, CODES_KAMOKU
	table institutions, CODES_INSTITUTIONS
	table holidays, CODES_HOLIDAYS
	table branches, CODES_BRANCHES
	table mergers, CODES_MERGERS

	.section .note.GNU-stack, "", %progbits
