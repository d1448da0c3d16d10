/* layouts.js — 様式: the rules of each institution, by version. */
import { h, path } from "/web/lib/dom.js";
import { list } from "/web/lib/table.js";
import { day, t } from "/web/lib/strings.js";

export default function layouts(ctx) {
	ctx.show({ lead: t("layouts.lead") }, list({
		caption: t("layouts.caption"), hideCaption: true,
		path: "/layouts", whole: true,
		columns: [
			{ head: t("wave.institution"), key: "code", tight: true },
			{ head: t("layouts.name"), key: "name" },
			{ head: t("layouts.version"), tight: true, cell: (r) =>
				h("a", { href: path`/layouts/${r.code}/${r.version}` },
					r.version) },
			{ head: t("layouts.from"), tight: true, cell: (r) =>
				day(r.version) },
		],
		none: t("layouts.none"), noneNext: t("layouts.none.next"),
	}));
}
