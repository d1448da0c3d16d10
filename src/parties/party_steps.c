/*
 * party_steps.c — the numbered steps of the two flows, as the seed document has
 * them: 資料６１－１ (地方銀行系, 15 steps) and 資料６１－２ (都市銀行系, 19).
 */
#include "parties/party.h"

static const struct party_step_info direct[] = {
    {1, "①", "税務システム（滞納整理機能）より照会対象者データを作成", "ward"},
    {2, "②", "照会対象者データを送信", "ward"},
    {3, "③", "照会対象者データを受信", "unit"},
    {4, "④", "各金融機関ごとのフォーマットに変換した照会データを送信", "unit"},
    {5, "⑤", "照会データを受信", "hub"},
    {6, "⑥", "照会データを各金融機関に送信", "hub"},
    {7, "⑦", "照会データを受信", "bank"},
    {8, "⑧", "口座有無、取引詳細調査", "bank"},
    {9, "⑨", "回答データをアップロード", "bank"},
    {10, "⑩", "回答データを送信", "bank"},
    {11, "⑪", "回答データを受信", "hub"},
    {12, "⑫", "回答データを送信", "hub"},
    {13, "⑬", "回答データを受信", "unit"},
    {14, "⑭", "回答データを送信", "unit"},
    {15, "⑮", "取得した回答データを税務システム（滞納整理機能）に登録", "ward"},
};

static const struct party_step_info carried[] = {
    {1, "①", "税務システム（滞納整理機能）より照会対象者データを作成", "ward"},
    {2, "②", "照会対象者データを送信", "ward"},
    {3, "③", "照会対象者データを受信", "unit"},
    {4, "④", "各金融機関ごとのフォーマットに変換した照会データを送信", "unit"},
    {5, "⑤", "取得した照会データをイントラPCで確認", "ward"},
    {6, "⑥", "照会データを送信", "ward"},
    {7, "⑦", "照会データを受信", "hub"},
    {8, "⑧", "照会データを各金融機関に送信", "hub"},
    {9, "⑨", "照会データを受信", "bank"},
    {10, "⑩", "口座有無、取引詳細調査", "bank"},
    {11, "⑪", "回答データをアップロード", "bank"},
    {12, "⑫", "回答データを送信", "bank"},
    {13, "⑬", "回答データを受信", "hub"},
    {14, "⑭", "回答データを送信", "hub"},
    {15, "⑮", "取得した回答データをイントラPCで確認", "ward"},
    {16, "⑯", "回答データを送信", "ward"},
    {17, "⑰", "回答データを受信", "unit"},
    {18, "⑱", "回答データを送信", "unit"},
    {19, "⑲", "取得した回答データを税務システム（滞納整理機能）に登録", "ward"},
};

/* The step's number in the flow of a linked hub, and of a carried one. */
static const int numbers[DEED_COUNT][2] = {
    [DEED_EXTRACT] = {1, 1},
    [DEED_SUBJECTS_SENT] = {2, 2},
    [DEED_SUBJECTS_IN] = {3, 3},
    [DEED_CONVERT] = {4, 4},
    [DEED_CHECK_REQUEST] = {0, 5},
    [DEED_REQUEST_CARRIED] = {0, 6},
    [DEED_HUB_REQUEST_IN] = {5, 7},
    [DEED_HUB_REQUEST_OUT] = {6, 8},
    [DEED_BANK_IN] = {7, 9},
    [DEED_LOOKUP] = {8, 10},
    [DEED_UPLOAD] = {9, 11},
    [DEED_ANSWER_SENT] = {10, 12},
    [DEED_HUB_ANSWER_IN] = {11, 13},
    [DEED_HUB_ANSWER_OUT] = {12, 14},
    [DEED_CHECK_ANSWER] = {0, 15},
    [DEED_ANSWER_CARRIED] = {0, 16},
    [DEED_UNIT_ANSWER_IN] = {13, 17},
    [DEED_CLEANSE] = {14, 18},
    [DEED_REGISTER] = {15, 19},
};

int party_step_no(enum node_link link, enum party_deed deed)
{
	return numbers[deed][link != LINK_DIRECT];
}

const struct party_step_info *party_steps(enum node_link link, size_t *n)
{
	if (link == LINK_DIRECT) {
		*n = sizeof(direct) / sizeof(*direct);
		return direct;
	}
	*n = sizeof(carried) / sizeof(*carried);
	return carried;
}
