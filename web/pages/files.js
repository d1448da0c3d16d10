/* files.js — ファイル: what the unit has in flight, by authority and bank. */
import { query } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { state } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { t, time } from "/web/lib/strings.js";

/* open: only those that answers are waited for. */
export function fileList(open) {
	return list({
		filter: () => ({ open: open ? "1" : "" }),
		caption: t("files.caption"), hideCaption: true, path: "/files",
		live: true,
		columns: [
			{ head: t("file.file"), tight: true, cell: (r) =>
				value(r.file) },
			{ head: t("files.authority"), tight: true,
				key: "authority" },
			{ head: t("wave.no"), tight: true, key: "wave" },
			{ head: t("wave.institution"), tight: true,
				key: "institution" },
			{ head: t("wave.hub"), tight: true, key: "hub" },
			{ head: t("check.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("files.state"), tight: true, cell: (r) =>
				state("state", r.state) },
			{ head: t("files.sent"), tight: true, cell: (r) =>
				time(r.sent) },
			{ head: t("files.answered"), tight: true, cell: (r) =>
				time(r.answered) },
		],
		none: t("files.none"), noneNext: t("files.none.next"),
	});
}

export default function files(ctx) {
	const open = ctx.query.get("open") === "1";

	ctx.show({ lead: t("files.lead") }, h("p", h("a", {
		href: "/files" + query({ open: open ? "" : "1" }) },
	open ? t("files.all") : t("files.open"))), fileList(open));
}
