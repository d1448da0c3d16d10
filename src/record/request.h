/*
 * request.h — one inquiry's 23 items as the institution is to get them,
 * before its layout writes them in its own form; canonical text each.
 */
#ifndef SHOKAI_RECORD_REQUEST_H
#define SHOKAI_RECORD_REQUEST_H

#include "base/bytes.h"
#include "record/item.h"
#include "record/kanri.h"
#include "record/subject.h"

/* Other names and addresses of the subject, which are none of the 23 items:
 * a layout may take them as a source, or ask once more under them.
 * 公証カナ氏名 is カナ氏名 where フリガナ確認 says that it is 公証済 (戸籍法
 * 13条1項2号: the reading in the family register), else not given.
 * X(id, name, column of the subject) */
#define REQUEST_OTHERS(X)                                                      \
	X(ALIAS, "通称", ALIAS)                                                \
	X(ALIAS_KANA, "通称カナ", ALIAS_KANA)                                  \
	X(FORMER_NAME, "旧氏", FORMER_NAME)                                    \
	X(FORMER_KANA, "旧氏カナ", FORMER_KANA)                                \
	X(FORMER_ADDRESS1, "旧住所1", FORMER_ADDRESS1)                         \
	X(FORMER_ADDRESS2, "旧住所2", FORMER_ADDRESS2)                         \
	X(FORMER_ADDRESS3, "旧住所3", FORMER_ADDRESS3)                         \
	X(CONFIRMED_KANA, "公証カナ氏名", KANA)
#define REQUEST_OTHER_(id, name, column) REQUEST_OTHER_##id,
enum request_other { REQUEST_OTHERS(REQUEST_OTHER_) REQUEST_OTHER_COUNT };

struct request {
	struct text f[REQUEST_COUNT];
	struct text other[REQUEST_OTHER_COUNT];
	/* As a bank reads them: further records of the same inquiry. */
	const struct request *also;
};

/* Index by name (digits of either width), or -1. */
int request_other_named(struct text name);

/* What is the same for all inquiries of one wave at one institution. */
struct request_wave {
	struct text basis;	/* codes of 根拠法令, joined by '|' */
	struct text base_date;	/* YYYY-MM-DD */
	struct text period;	/* YYYY-MM-DD/YYYY-MM-DD */
	struct text registrant; /* the requesting officer's name */
	struct text order_code; /* the wave: authority and wave number */
	struct text updated;	/* YYYY-MM-DD, the day of approval */
};

/*
 * Fills all 23 items from the subject's row and the wave. The known account
 * (支店番号 口座種別 口座番号 顧客番号) goes to its own institution alone:
 * it is empty unless the row's 金融機関コード is institution. kanri must
 * live as long as out.
 */
void request_fill(const struct subject *s, const struct request_wave *w,
    const char *institution, const char *kanri, struct request *out);

#endif
