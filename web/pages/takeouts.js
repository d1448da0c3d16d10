/* takeouts.js — 持出し記録: every export and print, with its purpose. */
import { h, value } from "/web/lib/dom.js";
import { count, list } from "/web/lib/table.js";
import { t, time, word } from "/web/lib/strings.js";

export default function takeouts(ctx) {
	ctx.show({ lead: t("takeouts.lead") }, list({
		caption: t("takeouts.caption"), hideCaption: true,
		path: "/takeouts",
		columns: [
			{ head: t("carries.no"), tight: true, key: "no" },
			{ head: t("carries.at"), tight: true, cell: (r) =>
				time(r.at) },
			{ head: t("carries.who"), tight: true, key: "who" },
			{ head: t("takeouts.what"), tight: true, cell: (r) =>
				word("takeouts.kind", r.what) },
			{ head: t("log.object"), cell: (r) => [
				word("log.kind", r.kind), " ",
				value(r.object ?? "")] },
			{ head: t("log.purpose"), cell: (r) =>
				value(r.purpose ?? "") },
			{ head: t("check.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("check.digest"), cell: (r) => h("code",
				(r.digest ?? "").slice(0, 16)) },
		],
		none: t("takeouts.none"), noneNext: t("takeouts.none.next"),
	}));
}
