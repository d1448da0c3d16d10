/*
 * route_table.c — the table of routes (route.h). Paths of one prefix stand
 * together; a fixed segment stands before "{NAME}" in its place.
 */
#include "api/calls.h"
#include "api/route.h"

#define PAGE "limit?:i200 cursor?:s2000"
#define OA (ROLE_OFFICER | ROLE_APPROVER)
#define OAAA (OA | ROLE_ADMIN | ROLE_AUDITOR)
#define WARD ROUTE_PARTY(STORE_WARD)
#define USER "name:s roles:a until:d days_left:n appointments:a"
#define ME USER " csrf_token:s idle_s:i ends:s node:o now:s"
#define REASON "reason:s"

static const struct route table[] = {
    /* --- all parties --- */
    {.method = "GET",
	.path = "/openapi.json",
	.parties = ROUTE_ALL,
	.flags = ROUTE_OPEN,
	.run = call_openapi,
	.answer = "openapi:s info:o paths:o",
	.help = "this document"},
    {.method = "POST",
	.path = "/session",
	.parties = ROUTE_ALL,
	.flags = ROUTE_OPEN,
	.run = call_sign_in,
	.request = "name:s64 password:s256 totp?:s16",
	.answer = ME,
	.help = "signs in; a session that is presented ends"},
    {.method = "DELETE",
	.path = "/session",
	.roles = ROUTE_ANYONE,
	.parties = ROUTE_ALL,
	.flags = ROUTE_READS,
	.run = call_sign_out,
	.help = "signs out"},
    {.method = "POST",
	.path = "/session/password",
	.roles = ROUTE_ANYONE,
	.parties = ROUTE_ALL,
	.run = call_password,
	.request = "old:s256 new:s256",
	.help = "a new password of one's own; other sessions end"},
    {.method = "GET",
	.path = "/me",
	.roles = ROUTE_ANYONE,
	.parties = ROUTE_ALL,
	.run = call_me,
	.answer = ME,
	.help = "who is signed in, and where"},
    /* --- ward: subjects --- */
    {.method = "GET",
	.path = "/subjects",
	.roles = OA,
	.parties = WARD,
	.run = call_subjects,
	.query = PAGE,
	.answer = "list atena:s kana:s kanji:s birth:s shielded:b masked:b "
		  "updated:s claims:a",
	.help = "the subjects in order of 宛名番号; logged"},
    {.method = "POST",
	.path = "/subjects/search",
	.roles = OA,
	.parties = WARD,
	.flags = ROUTE_READS,
	.run = call_subject_search,
	.request = "by:s8 text:s100 limit?:i200 cursor?:s2000",
	.answer = "list atena:s kana:s kanji:s birth:s shielded:b masked:b "
		  "updated:s claims:a",
	.help = "subjects by 宛名番号, or by how a name begins in whatever "
		"spelling; logged"},
    {.method = "GET",
	.path = "/subjects/{atena}",
	.roles = OA,
	.parties = WARD,
	.run = call_subject,
	.answer = "atena:s shielded:b masked:b claims:a stops:a inquiries:a",
	.help = "one subject: claims, stops, everything asked; logged"},
    {.method = "POST",
	.path = "/subjects/{atena}/reveal",
	.roles = OA,
	.parties = WARD,
	.run = call_subject_reveal,
	.request = REASON,
	.help = "shows a shielded person in full for 15 minutes in this "
		"session; logged with the reason"},
    /* --- ward: waves --- */
    {.method = "GET",
	.path = "/waves",
	.roles = OAAA,
	.parties = WARD,
	.run = call_waves,
	.query = PAGE,
	.answer = "list wave:s name:s state:s basis:s purpose:s base_date:d "
		  "period_from:d period_to:d scope:s deadline:d requester:s "
		  "approver:s reason:s subjects:i approved:n institutions:i",
	.help = "the waves, newest first"},
    {.method = "POST",
	.path = "/waves",
	.roles = ROLE_OFFICER,
	.parties = WARD,
	.run = call_wave_new,
	.request = "name:s basis:s purpose:s base_date:d period_from:d "
		   "period_to:d scope:s16 institutions:n reason:s "
		   "claim_kind?:s4 min_amount?:i999999999999 deadline?:d "
		   "subjects?:a10000",
	.answer = "wave:s",
	.help = "drafts a wave: institutions is \"all\" or a list of codes, "
		"subjects a list of {atena, kamoku}"},
    {.method = "GET",
	.path = "/waves/{wave}",
	.roles = OAAA,
	.parties = WARD,
	.run = call_wave,
	.answer = "wave:s name:s state:s inquiries:i sent:i held:i answered:i "
		  "rejected:i cancelled:i expired:i pending:i by_class:o "
		  "by_institution:a flows:a exceptions:a refused:a",
	.help = "what became of a wave (wave show)"},
    {.method = "POST",
	.path = "/waves/{wave}/submit",
	.roles = ROLE_OFFICER,
	.parties = WARD,
	.run = call_wave_submit,
	.answer = "state:s",
	.of = "/waves/{wave}",
	.help = "hands a drafted wave to the approver"},
    {.method = "POST",
	.path = "/waves/{wave}/approve",
	.roles = ROLE_APPROVER,
	.parties = WARD,
	.run = call_wave_approve,
	.answer = "state:s",
	.of = "/waves/{wave}",
	.help = "approves a submitted wave, never one's own; it is then sent"},
    {.method = "POST",
	.path = "/waves/{wave}/return",
	.roles = OA,
	.parties = WARD,
	.run = call_wave_return,
	.request = REASON,
	.answer = "state:s",
	.of = "/waves/{wave}",
	.help = "gives a submitted wave back"},
    {.method = "POST",
	.path = "/waves/{wave}/cancel",
	.roles = OA,
	.parties = WARD,
	.run = call_wave_cancel,
	.request = REASON,
	.answer = "state:s",
	.of = "/waves/{wave}",
	.help = "cancels a wave; what has left is asked back"},
    {.method = "POST",
	.path = "/waves/{wave}/resend",
	.roles = OA,
	.parties = WARD,
	.run = call_wave_resend,
	.answer = "parts:i",
	.help = "sends parts of the subjects again that the unit refused"},
};

const struct route *route_table(size_t *n)
{
	*n = sizeof(table) / sizeof(*table);
	return table;
}
