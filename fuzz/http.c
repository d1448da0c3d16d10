/* http.c — a request as it comes over the wire: the head; then the body's
 * frames, each message's header looked at as the gate does. */
#include "exchange/http.h"
#include "exchange/gate.h"
#include "fuzz.h"

static void messages(struct bytes body)
{
	struct bytes header;
	struct bytes payload;

	while (gate_frame_take(&body, GATE_HEADER_MAX, &header) &&
	       gate_frame_take(&body, GATE_MESSAGE_MAX, &payload)) {
		struct bytes content;
		struct header h;
		struct err e;
		enum err_class class = keys_peek(header, &content, &e);

		fuzz_no_fault(class, &e);
		/* Without a signature too: what is behind it is reached. */
		if (class != ERR_NONE)
			content = header;
		fuzz_no_fault(header_read(content, &h, &e), &e);
	}
}

static void printable(struct text t, char also)
{
	for (size_t i = 0; i < t.n; i++)
		fuzz_require(
		    (t.p[i] >= 0x20 && t.p[i] < 0x7F) || t.p[i] == also);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	size_t end = http_head_end(in);
	struct http_head head;
	int status;

	fuzz_require(end <= n);
	if (end == 0) {
		messages(in);
		return 0;
	}
	status = http_head_parse(BYTES(p, end), &head);
	if (status != 0) {
		fuzz_require(status >= 400 && status < 600);
		fuzz_require(http_reason(status)[0] != '\0');
		return 0;
	}
	printable(head.path, ' ');
	printable(head.query, ' ');
	for (size_t i = 0; i < head.header_count; i++) {
		printable(head.header[i].name, ' ');
		printable(head.header[i].value, '\t');
	}
	(void)http_header(&head, "content-type");
	in = BYTES(p + end, n - end);
	if (in.n > head.length)
		in.n = head.length;
	messages(in);
	return 0;
}
