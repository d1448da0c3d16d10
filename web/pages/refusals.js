/* refusals.js — contents refused whole, for which a good one is waited for. */
import { query } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { count, list } from "/web/lib/table.js";
import { t, time, word } from "/web/lib/strings.js";

export function refusalList(all) {
	return list({
		caption: t("refusals.caption"), hideCaption: true,
		path: "/refusals", live: true,
		filter: () => ({ all: all ? "1" : "" }),
		columns: [
			{ head: t("refusals.at"), tight: true, cell: (r) =>
				time(r.at) },
			{ head: t("refusals.what"), cell: (r) =>
				[word("message", r.kind), " ", value(r.wave ?? "")] },
			{ head: t("file.file"), cell: (r) => value(r.file ?? "") },
			{ head: t("refusals.by"), tight: true, cell: (r) =>
				value(r.by ?? "") },
			{ head: t("refusals.code"), tight: true, cell: (r) =>
				h("code", r.code) },
			{ head: t("held.reason"), cell: (r) => value(r.reason
				?? "") },
		],
		none: t("refusals.none"),
	});
}

/* How many there were, by code, authority, institution. */
export function refusalCounts() {
	return list({
		caption: t("refusals.counts"), hideCaption: true,
		path: "/refusals/counts", whole: true, live: true,
		columns: [
			{ head: t("refusals.code"), tight: true, cell: (r) =>
				h("code", r.code) },
			{ head: t("files.authority"), tight: true,
				key: "authority" },
			{ head: t("wave.institution"), tight: true, cell: (r) =>
				value(r.institution ?? "") },
			{ head: t("refusals.by"), tight: true, cell: (r) =>
				value(r.by ?? "") },
			{ head: t("refusals.contents"), num: true, cell: (r) =>
				count(r.contents) },
			{ head: t("refusals.last"), tight: true, cell: (r) =>
				time(r.last) },
		],
		none: t("refusals.counts.none"),
	});
}

export default function refusals(ctx) {
	const all = ctx.query.get("all") === "1";

	ctx.show({ lead: t("refusals.lead") }, h("p", h("a", {
		href: "/refusals" + query({ all: all ? "" : "1" }) },
	all ? t("refusals.open") : t("refusals.all"))), refusalList(all),
	h("section", h("h2", t("refusals.counts")), refusalCounts()));
}
