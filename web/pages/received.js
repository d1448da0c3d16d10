/* received.js — 受信した照会: the files that came, and their answers. */
import { h, path, value } from "/web/lib/dom.js";
import { state } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { day, t, time } from "/web/lib/strings.js";

export function receivedList() {
	return list({
		caption: t("received.caption"), hideCaption: true,
		path: "/received", live: true, dense: true,
		columns: [
			{ head: t("file.file"), tight: true, cell: (r) => h("a",
				{ href: path`/received/${r.file}` },
				value(r.file)) },
			{ head: t("files.authority"), tight: true,
				key: "authority" },
			{ head: t("wave.hub"), tight: true, key: "hub" },
			{ head: t("check.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("files.state"), tight: true, cell: (r) =>
				state("state", r.state) },
			{ head: t("count.answered"), num: true, cell: (r) =>
				count(r.answered) },
			{ head: t("count.rejected"), num: true, cell: (r) =>
				count(r.rejected) },
			{ head: t("wave.deadline"), tight: true, cell: (r) =>
				day(r.deadline) },
			{ head: t("received.at"), tight: true, cell: (r) =>
				time(r.received) },
			{ head: t("received.answered"), tight: true, cell: (r) =>
				time(r.answered_at) },
		],
		none: t("received.none"), noneNext: t("received.none.next"),
	});
}

export default function received(ctx) {
	ctx.show({ lead: t("received.lead") }, receivedList());
}
