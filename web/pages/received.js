/* received.js — 受信した照会: with legal basis, the sender's verification
 * and the deadline; answered again where that is asked for. */
import { change, query } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h, path, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { announce, state, tag } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { day, t, time } from "/web/lib/strings.js";

export function receivedList(ctx, overdue, short) {
	const node = list({
		caption: t("received.caption"), hideCaption: true,
		path: "/received", limit: short ? 10 : 50,
		filter: () => ({ overdue: overdue ? "true" : "" }),
		columns: [
			{ head: t("file.file"), tight: true, cell: (r) =>
				value(r.file) },
			{ head: t("files.authority"), tight: true,
				key: "authority" },
			{ head: t("check.records"), num: true, cell: (r) =>
				count(r.records) },
			{ head: t("new.basis"), cell: (r) => value(r.basis) },
			{ head: t("new.purpose"), cell: (r) => value(r.purpose) },
			{ head: t("received.sender"), tight: true, cell: (r) => [
				value(r.sender ?? ""), " ", r.verified
					? tag("good", t("received.verified"))
					: tag("bad", t("received.unverified"))] },
			{ head: t("wave.deadline"), tight: true, cell: (r) => [
				day(r.deadline), r.overdue ? [" ", tag("bad",
					t("count.overdue"))] : null] },
			{ head: t("received.at"), tight: true, cell: (r) =>
				time(r.received) },
			{ head: t("received.answered"), tight: true, cell: (r) =>
				r.answered ? time(r.answered)
					: state("received", "waiting") },
			...(short ? [] : [{ head: t("held.acts"), tight: true,
				cell: (r) => r.answered ? again(r) : "" }]),
		],
		none: overdue ? t("received.none.overdue") : t("received.none"),
		noneNext: t("received.none.next"),
	});

	function again(r) {
		return h("button", { type: "button", onclick: async () => {
			const ok = await confirm({
				title: t("again.title"), act: t("again.act"),
				happens: [t("again.1"), t("again.2")],
				send: (v, key) => change("POST",
					path`/answers/${r.file}/again`, undefined,
					{ key }),
			});

			if (ok) {
				announce("good", t("again.did"));
				node.reload();
			}
		} }, t("again.act"));
	}

	return node;
}

export default function received(ctx) {
	const overdue = ctx.query.get("overdue") === "true";

	ctx.show({ lead: t("received.lead") },
		h("div", { class: "filters", role: "search" }, field({
			name: "overdue", label: t("received.which"),
			value: overdue ? "true" : "", options: [
				{ value: "", text: t("filter.all") },
				{ value: "true", text: t("count.overdue") }],
			onchange: (event) => ctx.goTo("/received" + query({
				overdue: event.target.value })),
		})), receivedList(ctx, overdue, false));
}
