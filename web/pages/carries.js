/* carries.js — 媒体受渡簿: every medium carried, and when it was erased. */
import { change } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h, value } from "/web/lib/dom.js";
import { announce, tag } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { t, time, word } from "/web/lib/strings.js";

export default function carries(ctx) {
	const node = list({
		caption: t("carries.caption"), hideCaption: true,
		path: "/carries", whole: true,
		columns: [
			{ head: t("carries.no"), num: true, key: "no" },
			{ head: t("carries.at"), tight: true, cell: (r) =>
				time(r.at) },
			{ head: t("carries.direction"), tight: true, cell: (r) =>
				word("carries.way", r.direction) },
			{ head: t("wave.hub"), key: "hub", tight: true },
			{ head: t("carries.name"), key: "name" },
			{ head: t("carries.who"), key: "who" },
			{ head: t("check.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("check.digest"), cell: (r) => h("code",
				{ class: "wrap" }, (r.digest ?? "").slice(0, 16)) },
			{ head: t("carries.erased"), tight: true, cell: (r) =>
				r.erased ? [tag("good", t("carries.gone")), " ",
					time(r.erased)] : erase(r) },
		],
		none: t("carries.none"), noneNext: t("carries.none.next"),
	});

	function erase(r) {
		return h("button", { type: "button", onclick: async () => {
			const ok = await confirm({
				title: t("carries.ask", { name: r.name }),
				happens: [t("carries.ask.1"), t("carries.ask.2")],
				act: t("carries.act"),
				send: (v, key) => change("POST", "/carries/" + r.no
					+ "/erased", undefined, { key }),
			});

			if (ok) {
				announce("good", t("carries.did"), value(r.name));
				node.reload();
			}
		} }, t("carries.act"));
	}

	ctx.show({ lead: t("carries.lead") }, node);
}
