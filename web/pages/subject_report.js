/* subject_report.js — 財産調査票: what is known of one person, on A4. */
import { read } from "/web/lib/api.js";
import { accounts, others } from "/web/lib/answer.js";
import { h, value } from "/web/lib/dom.js";
import * as I from "/web/lib/items.js";
import { enterPrint } from "/web/lib/prints.js";
import { masked } from "/web/lib/reveal.js";
import { state } from "/web/lib/say.js";
import { table } from "/web/lib/table.js";
import { day, number, t, time, word, yen } from "/web/lib/strings.js";
import { measures } from "/web/pages/subjects.js";

/* Answers with something in them. */
const TOLD = ["found", "partial", "review"];

function person(s) {
	const c = s.claims[0] ?? {};
	const row = (name, text) => h("tr", h("th", { scope: "row" },
		value(name)), h("td", text));

	return h("table", h("caption", { class: "sr" }, t("subject.identity")),
		h("tbody", row(I.ATENA, s.atena), I.IDENTITY.filter((i) => c[i])
			.map((i) => row(i, i === I.BIRTH ? day(c[i])
				: value(c[i])))));
}

function claimRows(s) {
	const sum = s.claims.reduce((n, c) => n + Number(c[I.ARREARS] || 0), 0);

	return table({
		caption: t("subject.claims"),
		columns: [
			{ head: t("claim.kind"), cell: (c) => c.total ? t("total")
				: word("kamoku", c[I.KAMOKU]) },
			{ head: t("claim.arrears"), num: true, cell: (c) =>
				yen(c[I.ARREARS]) },
			{ head: t("claim.measures"), cell: (c) => c.total ? ""
				: value(measures(c[I.MEASURES] ?? "")) },
		],
		rows: s.claims, foot: { total: true, [I.ARREARS]: sum },
	});
}

function asked(inquiries) {
	return table({
		caption: t("report.asked", { n: number(inquiries.length) }),
		columns: [
			{ head: t("wave.institution"), key: "institution" },
			{ head: t("wave.no"), key: "wave", tight: true },
			{ head: t("inquiry.number"), tight: true, cell: (r) =>
				h("code", r.inquiry) },
			{ head: t("answer.class"), tight: true, cell: (r) =>
				r.class ? state("class", r.class)
					: word("state", r.state) },
			{ head: t("inquiry.answered"), tight: true, cell: (r) =>
				time(r.answered) },
		],
		rows: inquiries,
	});
}

function one(q) {
	const items = q.answer?.items ?? {};
	const list = q.answer?.accounts ?? [];

	return h("section", { class: "stack keep" },
		h("h3", value(q.institution), " ", value(items[I.BANK_NAME]
			?? ""), " ", state("class", q.class)),
		h("p", t("report.as_of", { wave: q.wave,
			day: day(items[I.AS_OF]) })),
		list.length ? accounts(q.answer) : null,
		others(q.answer?.others ?? []));
}

export default async function subjectReport(ctx) {
	await show(ctx, ctx.params.atena);
}

async function show(ctx, atena) {
	const s = await read("/subjects/" + atena + "/report");
	const inquiries = s.inquiries ?? [];
	const found = inquiries.filter((q) => q.answer
		&& TOLD.includes(q.class));

	ctx.show({
		crumbs: [ctx.crumb("subjects"),
			[s.atena, "/subjects/" + s.atena]],
		acts: enterPrint("subject", s.atena),
	}, s.masked ? masked(s.atena, () => show(ctx, atena)) : null,
	h("article", { class: "sheet stack", "aria-labelledby": "sheet" },
		h("h2", { class: "title", id: "sheet" }, t("report.title")),
		h("p", { class: "num" }, t("report.made", {
			at: time(ctx.me.now), who: ctx.me.name })),
		person(s), claimRows(s),
		inquiries.length ? asked(inquiries) : h("p",
			t("subject.never")),
		found.length ? h("h2", t("report.found")) : h("p",
			t("report.nothing")),
		found.map(one),
		h("p", { class: "quiet" }, t("report.foot"))));
}
