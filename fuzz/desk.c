/* desk.c — a request to the desk as it comes over the wire, before anything
 * is known of who sends it: head, address, query, cookie; and the body by the
 * shape of the route, at every party. */
#include "api/intake.h"
#include "exchange/http.h"
#include "fuzz.h"

static void by_party(
    enum store_party party, const struct http_head *head, struct bytes body)
{
	struct arena a = {0};
	const char *param[CALL_PARAMS];
	const char *allow;
	json_t *query = NULL;
	json_t *object = NULL;
	struct err e;
	int status;
	const struct route *r = route_find(
	    head->method, head->path, party, &a, param, &status, &allow);

	if (r == NULL) {
		fuzz_require(status == 404 || status == 405);
		fuzz_require((status == 405) == (allow[0] != '\0'));
	} else {
		fuzz_no_fault(intake_query(r, head->query, &a, &query, &e), &e);
		if (r->request != NULL)
			fuzz_no_fault(intake_body(r, body, &object, &e), &e);
	}
	json_decref(query);
	json_decref(object);
	arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	size_t end = http_head_end(in);
	char token[SESSION_TOKEN];
	struct http_head head;

	if (end == 0 || http_head_parse(BYTES(p, end), &head) != 0)
		return 0;
	session_token(http_header(&head, "Cookie"), token);
	fuzz_require(token[0] == '\0' || strlen(token) == SESSION_TOKEN - 1);
	in = BYTES(p + end, n - end);
	for (int party = STORE_WARD; party <= STORE_BANK; party++)
		by_party((enum store_party)party, &head, in);
	return 0;
}
