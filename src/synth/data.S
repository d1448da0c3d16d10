/*
 * data.S — the tables of names and places within the program. The build gives
 * their paths; synth_digest.h changes with their contents, so that this file
 * is assembled again.
 */
#include <synth_digest.h>

	.section .rodata

	.macro table name, path
	.globl synth_data_\name
	.type synth_data_\name, %object
synth_data_\name:
	.incbin "\path"
.Lend_\name:
	.size synth_data_\name, .Lend_\name - synth_data_\name
	.balign 8
	.globl synth_data_\name\()_size
	.type synth_data_\name\()_size, %object
synth_data_\name\()_size:
	.quad .Lend_\name - synth_data_\name
	.size synth_data_\name\()_size, 8
	.endm

	table family, SYNTH_FAMILY
	table given, SYNTH_GIVEN
	table foreign, SYNTH_FOREIGN
	table places, SYNTH_PLACES

	.section .note.GNU-stack, "", %progbits
