/*
 * ward_stop.h — 完納・分納・猶予・停止・破産・死亡: what stops a subject's
 * unsent inquiries until an officer decides.
 */
#ifndef SHOKAI_PARTIES_WARD_STOP_H
#define SHOKAI_PARTIES_WARD_STOP_H

#include "parties/ward.h"
#include "record/subject.h"

/* Claims of one 宛名番号: as many as there are 科目, a few. */
#define WARD_STOP_CLAIMS 16

/* Bits for the reasons a row names (処分状況, 死亡年月日). */
unsigned ward_stop_reasons(const struct subject *s);

/*
 * Brings the stops of one subject in line with its claims: reasons that are
 * new are added (*stopped), those that are gone are lifted; inquiries that
 * wait at the unit are held, or released (ward_halt.h). dry: only tells, by
 * the row alone.
 */
CHECKED enum err_class ward_stop_update(struct store_tx *tx,
    struct party_context *c, const struct subject *s, bool dry, bool *stopped,
    struct err *e);

/* Brings what went to the unit in line with the stops: held while one waits
 * for a decision, or the address of a shielded person (ward_shield.h) for a
 * choice; withdrawn if that was drop, else released. */
CHECKED enum err_class ward_stop_halt(struct store_tx *tx,
    struct party_context *c, struct text atena, struct err *e);

/* One stop, in order of 宛名番号. */
struct ward_stop {
	const char *atena;
	const char *reason;
	int64_t at_us;
};

/* Those nobody has decided yet, behind one of them (NULL: from the start), at
 * most n. */
CHECKED enum err_class ward_stop_list(struct store_tx *tx,
    struct party_context *c, const struct ward_stop *after,
    struct ward_stop *out, size_t n, size_t *count, struct err *e);

/*
 * An officer's decision about a stopped subject: go (asked all the same) or
 * drop (not asked; what the unit has withdrawn stays so). ERR_INPUT
 * "subjects.not_stopped"; the same decision again changes nothing.
 */
CHECKED enum err_class ward_stop_decide(struct party_context *c,
    const char *atena, bool go, const char *actor, struct err *e);

#endif
