/* stops.js — 停止対象者: persons whose unsent inquiries wait for a decision. */
import { change } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h } from "/web/lib/dom.js";
import { announce, later, tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { t, time } from "/web/lib/strings.js";

function decide(atena, go, done) {
	const name = go ? "go" : "drop";

	return h("button", { type: "button", onclick: async () => {
		const ok = await confirm({
			title: t("stops.ask." + name, { atena }),
			happens: [t("stops." + name + ".1"),
				t("stops." + name + ".2")],
			act: t("stops." + name), danger: !go,
			send: (_, key) => change("POST", "/subjects/" + atena
				+ "/decide", { go }, { key }),
		});

		if (ok)
			done(t("stops.did." + name, { atena }));
	} }, t("stops." + name));
}

/* For the page of one person: it is read again afterwards. */
export function decideButtons(ctx, atena) {
	if (!ctx.is("officer", "approver"))
		return null;
	const done = (text) => {
		later("good", text);
		location.reload();
	};

	return h("div", { class: "row" }, decide(atena, false, done),
		decide(atena, true, done));
}

export default function stops(ctx) {
	const node = list({
		caption: t("stops.caption"), hideCaption: true, path: "/stops",
		live: true,
		columns: [
			{ head: t("subject.atena"), tight: true, cell: (r) =>
				h("a", { href: "/subjects/" + r.atena },
					r.atena) },
			{ head: t("held.reason"), cell: (r) => tag("warn",
				r.reason) },
			{ head: t("stops.at"), tight: true, cell: (r) =>
				time(r.at) },
			...(ctx.is("officer", "approver") ? [{
				head: t("stops.decision"), tight: true,
				cell: (r) => h("div", { class: "row" },
					decide(r.atena, false, done),
					decide(r.atena, true, done)) }] : []),
		],
		none: t("stops.none"), noneNext: t("stops.none.next"),
	});

	function done(text) {
		announce("good", text);
		node.reload();
	}

	ctx.show({ lead: t("stops.lead") }, node);
}
