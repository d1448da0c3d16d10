/* traffic.js — 取扱件数: a hub's traffic by authority and institution;
 * nothing of any person. */
import { read } from "/web/lib/api.js";
import { h } from "/web/lib/dom.js";
import { empty } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { t, word } from "/web/lib/strings.js";

export function trafficList() {
	return list({
		caption: t("traffic.caption"), hideCaption: true,
		path: "/traffic", whole: true, live: true,
		columns: [
			{ head: t("files.authority"), key: "authority" },
			{ head: t("wave.institution"), key: "institution" },
			{ head: t("traffic.files"), num: true, cell: (r) =>
				count(r.files) },
			{ head: t("traffic.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("traffic.answered"), num: true, cell: (r) =>
				count(r.answered) },
			{ head: t("traffic.cancelled"), num: true, cell: (r) =>
				count(r.cancelled) },
			{ head: t("traffic.open"), num: true, cell: (r) => count(
				r.records - r.answered - r.cancelled) },
		],
		none: t("traffic.none"), noneNext: t("traffic.none.next"),
	});
}

export async function hours() {
	const x = await read("/hours");

	return x ? h("dl", { class: "pairs" },
		h("dt", t("hours.service")), h("dd", x.service_from && x.service_to
			? x.service_from + " – " + x.service_to
			: t("hours.always")),
		h("dt", t("hours.calendar")), h("dd", word("hours.calendar",
			x.calendar)),
		h("dt", t("hours.now")), h("dd", x.open ? t("hours.open")
			: t("hours.closed", { at: x.opens ?? "" })))
		: empty(t("hours.always"));
}

export default function traffic(ctx) {
	ctx.show({ lead: t("traffic.lead") }, trafficList());
}
