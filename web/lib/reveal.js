/* reveal.js — a shielded person is shown for a reason, which is logged. */
import { change, read } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h } from "/web/lib/dom.js";
import { notice } from "/web/lib/say.js";
import { t } from "/web/lib/strings.js";

/* The notice over a masked person; shown(subject) when it is revealed (for
 * this session, a quarter of an hour). */
export function masked(atena, shown) {
	return notice("warn", t("subject.masked"), h("p",
		t("subject.masked.next")), h("p", h("button", {
		type: "button", onclick: async () => {
			const ok = await confirm({
				title: t("reveal.title"), act: t("reveal.act"),
				happens: [t("reveal.1"), t("reveal.2")],
				reason: t("reveal.why"),
				send: (v, key) => change("POST", "/subjects/"
					+ atena + "/reveal", v, { key }),
			});

			if (ok)
				shown(await read("/subjects/" + atena));
		} }, t("reveal.act"))));
}
