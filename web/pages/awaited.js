/* awaited.js — 回答を待たれているファイル: those whose answers were refused or
 * returned, with the deadline, and those not answered yet. */
import { h, path, value } from "/web/lib/dom.js";
import { tag } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { day, t, time, word } from "/web/lib/strings.js";

export function awaitedList() {
	return list({
		caption: t("awaited.caption"), hideCaption: true,
		path: "/awaited", whole: true, live: true,
		columns: [
			{ head: t("file.file"), tight: true, cell: (r) =>
				r.state === "returned" ? h("a",
					{ href: path`/received/${r.file}` },
					value(r.file)) : value(r.file) },
			{ head: t("files.authority"), tight: true,
				key: "authority" },
			{ head: t("check.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("awaited.why"), cell: (r) => tag(
				r.state === "returned" ? "warn" : "",
				word("awaited", r.state)) },
			{ head: t("wave.deadline"), tight: true, cell: (r) => [
				day(r.deadline) || t("awaited.unknown"), r.overdue
					? [" ", tag("bad", t("count.overdue"))]
					: null] },
			{ head: t("received.at"), tight: true, cell: (r) =>
				time(r.received) },
		],
		none: t("awaited.none"),
	});
}

export default function awaited(ctx) {
	ctx.show({ lead: t("awaited.lead") }, awaitedList());
}
