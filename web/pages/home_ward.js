/* home_ward.js — 朝の画面: what waits, what is new, what will end. */
import { read } from "/web/lib/api.js";
import { h, redraw, value } from "/web/lib/dom.js";
import { follow } from "/web/lib/events.js";
import { figures } from "/web/lib/figures.js";
import { empty, state, tag } from "/web/lib/say.js";
import { count, table } from "/web/lib/table.js";
import { day, number, t, time, word } from "/web/lib/strings.js";

function ending(items) {
	if (items.length === 0)
		return empty(t("home.ending.none"));
	return table({
		caption: t("home.ending"), hideCaption: true,
		columns: [
			{ head: t("home.ending.what"), cell: (r) =>
				word("ending", r.what) },
			{ head: t("home.ending.who"), key: "who" },
			{ head: t("home.ending.to"), cell: (r) => day(r.to) },
			{ head: t("home.ending.left"), num: true, cell: (r) =>
				r.days_left < 0 ? tag("bad", t("home.ended"))
					: r.days_left <= 14
						? tag("warn", t("unit.days",
							{ n: number(r.days_left) }))
						: t("unit.days",
							{ n: number(r.days_left) }) },
		],
		rows: items,
	});
}

export function waveTable(items, caption) {
	return table({
		caption, hideCaption: true,
		columns: waveColumns(),
		rows: items,
	});
}

export function waveColumns() {
	return [
		{ head: t("wave.no"), tight: true, cell: (w) => h("a",
			{ href: "/waves/" + w.wave }, w.wave) },
		{ head: t("wave.name"), cell: (w) => value(w.name) },
		{ head: t("wave.state"), tight: true, cell: (w) =>
			state("wave.state", w.state) },
		{ head: t("wave.subjects"), num: true, cell: (w) =>
			count(w.subjects) },
		{ head: t("wave.institutions"), num: true, cell: (w) =>
			count(w.institutions) },
		{ head: t("wave.requester"), tight: true, cell: (w) =>
			[value(w.requester), w.charge === w.requester ? null
				: h("div", { class: "quiet" }, t("wave.charge"),
					t("colon"), value(w.charge))] },
		{ head: t("wave.approver"), tight: true, cell: (w) =>
			w.approver ? value(w.approver) : "" },
		{ head: t("wave.approved"), tight: true, cell: (w) =>
			time(w.approved) },
		{ head: t("wave.deadline"), tight: true, cell: (w) =>
			day(w.deadline) },
	];
}

function draw(ctx, [m, waves]) {
	return [
		h("section", { "aria-label": t("home.figures") }, figures([
			{ label: t("home.awaiting"), n: m.awaiting_approval,
				href: "/waves", attention: true },
			{ label: t("home.checks"), n: m.checks_waiting,
				href: "/checks", attention: true },
			{ label: t("home.held"), n: m.held, href: "/waves",
				attention: true },
			{ label: t("home.stops"), n: m.stops, href: "/stops",
				attention: true, unit: t("unit.persons") },
		{ label: t("home.stopped"), n: m.stopped, href: "/stops",
			unit: t("unit.persons"), more: t("home.hits.since") },
			{ label: t("home.overdue"), n: m.overdue,
				href: "/waves", attention: true },
			{ label: t("home.refused"), n: m.refused,
				href: "/refusals", attention: true },
			{ label: t("home.hits"), n: m.new_hits, href: "/waves",
				more: t("home.hits.since") },
		])),
		h("section", h("div", { class: "row" },
			h("h2", t("home.waves")),
			h("a", { href: "/waves" }, t("home.waves.all"))),
		waves.items.length === 0 ? empty(t("waves.none"),
			ctx.is("officer") ? h("a", { href: "/waves/new" },
				t("wave.new")) : null)
			: waveTable(waves.items, t("home.waves"))),
		h("section", h("h2", t("home.ending")),
			ending(m.ending ?? [])),
	];
}

export default async function homeWard(ctx) {
	const look = () => Promise.all([read("/morning"),
		read("/waves?limit=5")]);
	const body = h("div", { class: "stack" }, draw(ctx, await look()));

	ctx.show({
		lead: t("home.lead", { at: time(ctx.me.now) }),
		acts: ctx.is("officer") ? h("a", { class: "button primary",
			href: "/waves/new" }, t("wave.new")) : null,
	}, body);
	follow(body, async () => redraw(body, draw(ctx, await look())));
}
