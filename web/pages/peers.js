/* peers.js — 接続先: who may connect, by which certificate, until when. */
import { h, value } from "/web/lib/dom.js";
import { tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { day, number, t, word } from "/web/lib/strings.js";

function left(r) {
	if (!r.in_force)
		return tag("bad", t("peers.ended"));
	if (r.days_left <= 60)
		return tag("warn", t("unit.days", { n: number(r.days_left) }));
	return t("unit.days", { n: number(r.days_left) });
}

export default function peers(ctx) {
	ctx.show({ lead: t("peers.lead") }, list({
		caption: t("peers.caption"), hideCaption: true, path: "/peers", whole: true, columns: [
			{ head: t("peers.code"), tight: true, key: "code" },
			{ head: t("peers.party"), tight: true, cell: (r) =>
				word("party", r.party) },
			{ head: t("peers.how"), cell: (r) => r.via
				? t("peers.via", { code: r.via })
				: r.url ? value(r.url) : t("link.folder") },
			{ head: t("peers.kinds"), cell: (r) => (r.kinds ?? []).map(
				(k) => word("message", k)).join(t("comma")) },
			{ head: t("peers.approved"), cell: (r) => r.approved_to
				? [day(r.approved_from), "–", day(r.approved_to),
					" ", value(r.approval ?? "")] : "" },
			{ head: t("peers.certificate"), tight: true, cell: (r) =>
				day(r.certificate_to) },
			{ head: t("home.ending.left"), tight: true, cell: left },
			{ head: t("peers.fingerprint"), cell: (r) => h("code",
				{ title: r.fingerprint },
				(r.fingerprint ?? "").slice(0, 16)) },
		],
		none: t("peers.none"), noneNext: t("peers.none.next"),
	}));
}
