/*
 * answer.h — an answer: one final outcome of an inquiry, hierarchical inside
 * (holder → accounts → transactions; others), flat on export (§9).
 */
#ifndef SHOKAI_RECORD_ANSWER_H
#define SHOKAI_RECORD_ANSWER_H

#include "base/bytes.h"
#include "record/item.h"

/* docs/interface.md §5. X(id, code, ja) */
#define ANSWER_CLASSES(X)                                                      \
	X(FOUND, "found", "該当あり")                                          \
	X(NONE, "none", "該当なし")                                            \
	X(REVIEW, "review", "要確認")                                          \
	X(PARTIAL, "partial", "一部回答")                                      \
	X(PAPER, "paper", "電子回答不可")                                      \
	X(INVALID, "invalid", "入力不備")                                      \
	X(REFUSED, "refused", "受付拒否")                                      \
	X(EXPIRED, "expired", "期限超過")
#define ANSWER_CLASS_(id, code, ja) CLASS_##id,
enum answer_class { ANSWER_CLASSES(ANSWER_CLASS_) CLASS_COUNT };

const char *answer_class_code(enum answer_class c);
const char *answer_class_ja(enum answer_class c);
bool answer_class_named(struct text code, enum answer_class *out);

/* Counts as answered / rejected / expired in E5 (§5). */
bool answer_class_is_answered(enum answer_class c);
bool answer_class_is_rejected(enum answer_class c);

/* 取引明細; all canonical text (dates ISO, amounts integers). */
struct answer_transaction {
	struct text date;	/* 取引日 */
	struct text value_date; /* 起算日 */
	struct text out;	/* 出金 */
	struct text in;		/* 入金 */
	struct text balance;	/* 残高 */
	struct text note;	/* 摘要 */
};

/* 種類 1 貸出金 2 担保 3 保証 4 貸金庫 5 出資金 6 保護預 9 その他 */
struct answer_other {
	struct text kind;
	struct text name;
	struct text amount;
	struct text units; /* 口数 */
	struct text date;
	struct text note;
};

/*
 * One account: the items that belong to it (item[] of the holder's answer
 * are overridden where account[] is not empty): 口座種別 店番 店名 口座番号
 * 残高 満期日 最終取引日 科目コード 科目名 顧客番号 給与/年金振込有無 and
 * the holder's identity where this account's is another (名義).
 */
struct answer_account {
	struct text f[ANSWER_COUNT];
	struct text raw[ANSWER_COUNT]; /* as in struct answer */
	struct answer_transaction *transactions;
	size_t transaction_count;
};

struct answer {
	enum answer_class class;
	struct text
	    f[ANSWER_COUNT]; /* holder as registered, echo keys, flags */
	struct text raw[ANSWER_COUNT]; /* as the bank wrote it (decoded, before
					  maps and rules); empty if the same */
	struct answer_account *accounts;
	size_t account_count;
	struct answer_other *others;
	size_t other_count;
	struct bytes record; /* the bank's own bytes of this answer */
};

/*
 * Adds one, all empty. The arrays come from these functions or from
 * answer_unpack alone; earlier pointers into them may no longer be used. The
 * decoder that adds keeps to the bounds of limits.h.
 */
struct answer_account *answer_add_account(struct arena *a, struct answer *x);
struct answer_transaction *answer_add_transaction(
    struct arena *a, struct answer_account *x);
struct answer_other *answer_add_other(struct arena *a, struct answer *x);

/*
 * Canonical packed form of a whole answer for messages between unit and ward
 * and for the database: lengths and texts, with a version byte. unpack's
 * texts point into in; arrays are in a. False if in is not such a form, cut
 * off, over a bound of limits.h, or a text is not valid UTF-8; *used is how
 * many bytes it took (answers stand one after another). Equal answers give
 * equal bytes, and no other bytes are taken for the same answer.
 */
void answer_pack(const struct answer *x, struct buf *out);
bool answer_unpack(
    struct arena *a, struct bytes in, struct answer *out, size_t *used);

#endif
