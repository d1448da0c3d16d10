/* wave.js — 進捗表: institutions × outcomes, totals, the steps of each flow. */
import { read } from "/web/lib/api.js";
import { bar } from "/web/lib/chart.js";
import { h, redraw, value } from "/web/lib/dom.js";
import { follow } from "/web/lib/events.js";
import { figures } from "/web/lib/figures.js";
import { notice, state, tag, tell } from "/web/lib/say.js";
import { count, table } from "/web/lib/table.js";
import { clock, day, number, t, time, word } from "/web/lib/strings.js";
import { waveActs, waveTabs } from "/web/lib/wave_acts.js";

const SUMS = ["inquiries", "excluded", "held", "paper", "sent", "answered",
	"rejected", "cancelled", "expired", "pending", "overdue"];

function institutionTable(w) {
	const sum = (key) => w.by_institution.reduce((n, r) =>
		n + (r[key] ?? 0), 0);
	const foot = { total: true, by_class: {
		found: w.by_class.found, partial: w.by_class.partial } };

	for (const key of SUMS)
		foot[key] = sum(key);
	const column = (key) => ({ head: t("count." + key), num: true,
		cell: (r) => count(r[key]) });

	return table({
		caption: t("wave.by_institution"), hideCaption: true,
		columns: [
			{ head: t("wave.institution"), cell: (r) => r.total
				? t("total") : [value(r.code), r.name === r.code
					? null : [" ", value(r.name)]] },
			{ head: t("wave.hub"), tight: true, cell: (r) => r.total
				? "" : [value(r.hub), " ", word("link", r.link)] },
			column("inquiries"), column("excluded"), column("held"),
			column("sent"), column("answered"),
			{ head: t("class.found"), num: true, cell: (r) =>
				count(r.by_class.found) },
			{ head: t("class.partial"), num: true, cell: (r) =>
				count(r.by_class.partial) },
			column("rejected"), column("cancelled"),
			column("expired"), column("pending"),
			{ head: t("count.overdue"), num: true, cell: (r) =>
				r.overdue ? tag("bad", number(r.overdue))
					: count(0) },
			{ head: t("wave.share"), cell: (r) =>
				bar(r.answered, r.sent) },
		],
		rows: w.by_institution, foot, dense: true,
	});
}

/* E5, as it is shown: the parts make the whole, or the page says so. */
function sums(w) {
	const sent = w.answered + w.rejected + w.cancelled + w.expired
		+ w.pending;
	const all = w.excluded + w.reused + w.held + w.paper + w.awaiting
		+ w.cancelled_before + w.sent;
	const ok = sent === w.sent && all === w.inquiries;

	return ok ? h("p", { class: "quiet" }, t("wave.sums.ok", {
		subjects: number(w.subjects),
		institutions: number(w.by_institution.length),
		inquiries: number(w.inquiries) }))
		: notice("warn", t("wave.sums.open", {
			all: number(all), inquiries: number(w.inquiries) }),
		h("p", t("wave.sums.next")));
}

/* From first to last, the second without what it has in common. */
function span(first, last) {
	const [a, b] = [clock(first), clock(last)];

	if (a === b)
		return a;
	return a + "–" + (a.slice(0, 6) === b.slice(0, 6) ? b.slice(6) : b);
}

function step(s, isNow) {
	return h("li", { class: s.first ? null : isNow ? "now" : "todo" },
		h("span", s.mark), h("span", word("party", s.party)),
		h("span", s.text, isNow ? [" ", tag("note", t("step.now"))]
			: null),
		h("span", { class: "num" }, s.first
			? t("step.files", { files: number(s.files),
				inquiries: number(s.inquiries) })
			: t("step.todo")),
		h("span", { class: "num" }, s.first ? span(s.first, s.last)
			: ""));
}

function flow(f) {
	const now = f.steps.findIndex((s) => !s.first);

	return h("section", { class: "card" }, h("h2", value(f.hub), " ",
		word("link", f.link)),
	h("p", { class: "quiet" }, t("step.signed")),
	h("ol", { class: "steps", role: "list" }, f.steps.map((s, i) =>
		step(s, i === now && f.steps[0].first !== null))));
}

function exceptions(w) {
	const items = w.exceptions ?? [];

	return items.length === 0 ? null : h("section",
		h("h2", t("wave.exceptions")), table({
			caption: t("wave.exceptions"), hideCaption: true,
			columns: [
				{ head: t("held.kind"), cell: (r) => state(
					"exception", r.kind) },
				{ head: t("held.reason"), cell: (r) => word(
					"held.code", r.reason) },
				{ head: t("wave.subjects"), num: true, cell: (r) =>
					count(r.subjects) },
				{ head: t("wave.inquiries"), num: true,
					cell: (r) => count(r.inquiries) },
			],
			rows: items,
		}));
}

function draw(w) {
	const closed = w.state === "closed" || w.state === "cancelled";

	return [
		figures([
			{ label: t("count.sent"), n: w.sent,
				more: t("of", { n: number(w.inquiries) }) },
			{ label: t("count.answered"), n: w.answered,
				href: "/waves/" + w.wave + "/answers",
				more: t("of", { n: number(w.sent) }) },
			{ label: t("class.found"), n: w.by_class.found,
				href: "/waves/" + w.wave
					+ "/answers?class=found" },
			{ label: t("count.pending"), n: w.pending,
				more: closed ? "" : t("of",
					{ n: number(w.sent) }) },
			{ label: t("count.held"), n: w.held, attention: true,
				href: "/waves/" + w.wave + "/held" },
			{ label: t("count.open"), n: w.open, attention: true,
				href: "/waves/" + w.wave
					+ "/answers?class=review" },
			{ label: t("count.overdue"), n: w.overdue,
				attention: true },
		]),
		h("section", h("h2", t("wave.by_institution")),
			institutionTable(w), sums(w)),
		exceptions(w),
		h("div", { class: "cols" }, (w.flows ?? []).map(flow)),
	];
}

/* What changes is shown as it comes; a new state changes the whole page. */
function watch(ctx, body, w) {
	let told = w.answered;

	follow(body, async () => {
		const now = await read("/waves/" + ctx.params.wave);

		if (now.state !== w.state) {
			await ctx.again();
			return;
		}
		if (JSON.stringify(now) === JSON.stringify(w))
			return;
		w = now;
		redraw(body, draw(now));
		if (now.answered !== told) {
			told = now.answered;
			tell(t("wave.told", { answered: number(told),
				sent: number(now.sent) }));
		}
	});
}

export default async function wave(ctx) {
	const w = await read("/waves/" + ctx.params.wave);
	const body = h("div", { class: "stack" }, draw(w));

	ctx.show({
		crumbs: [ctx.crumb("waves")],
		title: w.wave + " " + w.name,
		beside: state("wave.state", w.state),
		acts: waveActs(ctx, w),
		lead: t("wave.lead", { requester: w.requester,
			approver: w.approver || t("wave.nobody"),
			approved: time(w.approved) || "—",
			deadline: day(w.deadline) }),
	}, waveTabs(w.wave, ""), body);
	watch(ctx, body, w);
}
