/* node.js — 稼働状況: processes, database, what waits, findings, peers. */
import { read } from "/web/lib/api.js";
import { h, redraw, value } from "/web/lib/dom.js";
import { follow } from "/web/lib/events.js";
import { figures } from "/web/lib/figures.js";
import { empty, state, tag } from "/web/lib/say.js";
import { table } from "/web/lib/table.js";
import { both, number, t, time, word } from "/web/lib/strings.js";

export function nodeFigures(n) {
	return figures([
		{ label: t("node.inbox"), n: n.inbox },
		{ label: t("node.outbox"), n: n.outbox,
			more: n.oldest_s ? t("node.oldest",
				{ s: number(n.oldest_s) }) : "" },
		{ label: t("count.held"), n: n.held },
		{ label: t("count.overdue"), n: n.overdue, attention: true },
	]);
}

/* The same, as they change. */
export function liveFigures(n) {
	const body = h("div", nodeFigures(n));

	follow(body, async () => redraw(body, nodeFigures(
		await read("/node"))));
	return body;
}

export default async function node(ctx) {
	const n = await read("/node");
	const findings = n.findings ?? [];

	ctx.show({ beside: state("node.state", n.state),
		acts: h("button", { type: "button", onclick: ctx.again },
			t("act.reread")) },
	liveFigures(n),
	h("section", h("h2", t("node.findings")), findings.length === 0
		? empty(t("node.findings.none"))
		: h("ul", findings.map((f) => h("li", tag(f.level === "error"
			? "bad" : "warn", word("level", f.level)), " ",
		both(f.ja, f.en) ?? value(f.what), " ",
		value(f.detail ?? ""))))),
	h("div", { class: "cols" },
		table({
			caption: t("node.processes"),
			columns: [
				{ head: t("node.kind"), cell: (r) => word("process",
					r.kind) },
				{ head: t("node.pid"), num: true, key: "pid" },
				{ head: t("node.restarts"), num: true,
					key: "restarts" },
			],
			rows: n.processes ?? [],
		}),
		table({
			caption: t("node.db"),
			columns: [
				{ head: t("node.setting"), cell: (r) =>
					value(r[0]) },
				{ head: t("node.value"), cell: (r) => value(r[1]) },
			],
			rows: [[t("node.db.state"), n.db.ok ? t("node.db.ok")
				: n.db.why], ...Object.entries(n.db.settings
				?? { db: n.db.kind })],
		})),
	table({
		caption: t("node.peers"),
		columns: [
			{ head: t("peers.code"), key: "code" },
			{ head: t("node.receipt"), cell: (r) => r.last_receipt
				? time(r.last_receipt) : h("span",
					{ class: "zero" }, t("node.receipt.none")) },
		],
		rows: n.peers ?? [],
	}));
}
