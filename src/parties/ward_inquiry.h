/*
 * ward_inquiry.h — one inquiry: shown, withdrawn, asked again, ended.
 */
#ifndef SHOKAI_PARTIES_WARD_INQUIRY_H
#define SHOKAI_PARTIES_WARD_INQUIRY_H

#include "parties/ward_wave.h"

/* All: ERR_INPUT "inquiry.unknown" unless number is one of our inquiries. */

/*
 * Everything kept about it, as one object: the subject as asked, each item
 * with its source (and what the layout makes of it, where the layout is
 * installed here), the answer canonical and raw, corrections, steps. Logged
 * as a read before it is given out (S3).
 */
CHECKED enum err_class ward_inquiry_show(struct party_context *c,
    struct text number, const struct ward_user *officer, json_t **out,
    struct err *e);

/*
 * 取下げ of an inquiry that has not left the unit: asks the unit. ERR_DENIED
 * "inquiry.left" (in a file already: it can only be cancelled with it, or
 * answered), "inquiry.not_sent" (its wave is not sent: cancel the wave). One
 * that is held here (支援措置) is not asked, and that is all.
 */
CHECKED enum err_class ward_inquiry_withdraw(struct party_context *c,
    struct text number, const struct ward_user *officer, const char *reason,
    struct err *e);

/*
 * An inquiry that its layout held goes once more to the conversion: with
 * another value for the item, or (item NULL) with the loss it was held for.
 * What was decided before counts on. ERR_DENIED "inquiry.not_held", ERR_INPUT
 * "inquiry.mend" (mend.h).
 */
CHECKED enum err_class ward_inquiry_mend(struct party_context *c,
    struct text number, const struct ward_user *officer, const char *item,
    const char *value, const char *reason, struct err *e);

/* 再照会: a new drafted wave with this subject at this institution alone.
 * One that was held here (支援措置) waits no longer. */
CHECKED enum err_class ward_inquiry_reask(struct party_context *c,
    struct text number, const struct ward_user *officer, uint32_t *wave,
    struct err *e);

/* 打切り of an answer that is open (要確認, 一部回答): it is final as it is.
 * ERR_DENIED "inquiry.not_open". */
CHECKED enum err_class ward_inquiry_end(struct party_context *c,
    struct text number, const struct ward_user *officer, const char *reason,
    struct err *e);

#endif
