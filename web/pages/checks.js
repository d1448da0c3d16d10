/* checks.js — 都銀系確認 ⑤ and ⑮: files that wait for an officer, both ways. */
import { query } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { state, tag } from "/web/lib/say.js";
import { count, list } from "/web/lib/table.js";
import { number, t, time, word } from "/web/lib/strings.js";
import { checkActs } from "/web/lib/check_acts.js";

const STATES = ["waiting", "approved", "returned"];

function columns(ctx, now, done) {
	return [
		{ head: t("file.file"), tight: true, cell: (r) => h("a",
			{ href: "/checks/" + r.file }, value(r.file)) },
		{ head: t("check.direction"), tight: true, cell: (r) =>
			word("check.direction", r.direction) },
		{ head: t("wave.no"), tight: true, cell: (r) => h("a",
			{ href: "/waves/" + r.wave }, r.wave) },
		{ head: t("wave.institution"), tight: true,
			key: "institution" },
		{ head: t("check.records"), num: true, cell: (r) =>
			count(r.records) },
		{ head: t("check.digest"), cell: (r) => r.digest
			? h("code", { title: r.digest },
				r.digest.slice(0, 16)) : "" },
		{ head: t("check.stopped"), num: true, cell: (r) => r.stopped
			? tag("warn", t("check.stopped.n",
				{ n: number(r.stopped) }))
			: r.direction === "request" && r.stopped === null
				? t("check.stopped.unknown") : "" },
		{ head: t("check.arrived"), tight: true, cell: (r) =>
			time(r.arrived) },
		now === "waiting" ? { head: t("held.acts"), tight: true,
			cell: (r) => h("div", { class: "row" },
				checkActs(ctx, r, done)) }
			: { head: t("check.state"), cell: (r) => [
				state("check.state", r.state), " ",
				value(r.officer ?? ""), " ",
				value(r.reason ?? "")] },
	];
}

export default function checks(ctx) {
	const now = STATES.includes(ctx.query.get("state"))
		? ctx.query.get("state") : "waiting";
	const node = list({
		caption: t("checks.caption"), hideCaption: true, path: "/checks",
		live: true,
		filter: () => ({ state: now }),
		columns: columns(ctx, now, () => node.reload()),
		none: t("checks.none." + now), noneNext: now === "waiting"
			? t("checks.none.next") : null,
	});

	ctx.show({ lead: t("checks.lead") },
		h("div", { class: "filters", role: "search" }, field({
			name: "state", label: t("check.state"), value: now,
			options: STATES.map((s) => ({ value: s,
				text: word("check.state", s) })),
			onchange: (event) => ctx.goTo("/checks" + query({
				state: event.target.value })),
		})), node);
}
