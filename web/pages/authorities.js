/* authorities.js — 自治体: whom a unit serves, and how much of each; what it
 * converted and cleansed, by day. */
import { h, value } from "/web/lib/dom.js";
import { count, list } from "/web/lib/table.js";
import { day, t } from "/web/lib/strings.js";

/* Who may not see the hold list is not led there. */
export function authorityList(ctx) {
	const may = ctx.is("officer", "approver");

	return list({
		caption: t("authorities.caption"), hideCaption: true,
		path: "/authorities", whole: true, live: true,
		columns: [
			{ head: t("files.authority"), tight: true, cell: (r) =>
				value(r.code) },
			{ head: t("authorities.waves"), num: true, cell: (r) =>
				count(r.waves) },
			{ head: t("traffic.files"), num: true, cell: (r) =>
				count(r.files) },
			{ head: t("authorities.flight"), num: true,
				cell: (r) => count(r.in_flight) },
			{ head: t("count.held"), num: true, cell: (r) => r.held && may
				? h("a", { href: "/holds?authority=" + r.code },
					count(r.held)) : count(r.held) },
			{ head: t("throughput.converted"), num: true,
				cell: (r) => count(r.converted) },
		],
		none: t("authorities.none"), noneNext: t("files.none.next"),
	});
}

function throughput() {
	return list({
		caption: t("throughput.caption"), hideCaption: true,
		path: "/throughput", whole: true, live: true,
		columns: [
			{ head: t("throughput.day"), tight: true, cell: (r) =>
				day(r.day) },
			{ head: t("throughput.converted"), num: true,
				cell: (r) => count(r.converted) },
			{ head: t("throughput.cleansed"), num: true,
				cell: (r) => count(r.cleansed) },
		],
		none: t("throughput.none"),
	});
}

export default function authorities(ctx) {
	ctx.show({ lead: t("authorities.lead") }, authorityList(ctx),
		h("section", h("h2", t("throughput.caption")), throughput()));
}
