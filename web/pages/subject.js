/* subject.js — one person: claims, history, all answers. */
import { change, read } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import * as I from "/web/lib/items.js";
import { enterPrint } from "/web/lib/prints.js";
import { masked } from "/web/lib/reveal.js";
import { announce, empty, state, tag } from "/web/lib/say.js";
import { table } from "/web/lib/table.js";
import { shown } from "/web/lib/shown.js";
import { day, t, time, word, yen } from "/web/lib/strings.js";
import { decideButtons } from "/web/pages/stops.js";
import { measures } from "/web/pages/subjects.js";

function identity(c) {
	return h("dl", { class: "pairs" }, Object.entries(c).filter(
		([name, text]) => text && ![I.KAMOKU, I.ARREARS, I.REMINDED,
			I.MEASURES, I.BASIS].includes(name)).map(
		([name, text]) => [h("dt", value(name)), h("dd",
			shown(name, text))]));
}

function claimTable(claims) {
	return table({
		caption: t("subject.claims"),
		columns: [
			{ head: t("claim.kind"), cell: (c) => word("kamoku",
				c[I.KAMOKU]) },
			{ head: t("claim.arrears"), num: true, cell: (c) =>
				yen(c[I.ARREARS]) },
			{ head: t("claim.reminded"), tight: true, cell: (c) =>
				day(c[I.REMINDED]) },
			{ head: t("claim.measures"), cell: (c) => c[I.MEASURES]
				? tag("warn", measures(c[I.MEASURES])) : "" },
		],
		rows: claims,
	});
}

function stopped(ctx, s) {
	return s.stops?.length ? h("section", { class: "card stack" },
		h("h2", t("stops.of")), table({
			caption: t("stops.of"), hideCaption: true,
			columns: [
				{ head: t("held.reason"), cell: (r) => tag("warn",
					r.reason) },
				{ head: t("stops.at"), cell: (r) => time(r.at) },
				{ head: t("stops.decision"), cell: (r) =>
					word("decision", r.decision || "open") },
			],
			rows: s.stops,
		}), s.stops.some((x) => !x.decision)
			? decideButtons(ctx, s.atena) : null) : null;
}

function history(inquiries) {
	return inquiries.length === 0 ? empty(t("subject.never"))
		: table({
			caption: t("subject.history"), hideCaption: true,
			columns: [
				{ head: t("inquiry.number"), tight: true,
					cell: (r) => h("a", { href: "/inquiries/"
						+ r.inquiry }, h("code", r.inquiry)) },
				{ head: t("wave.no"), cell: (r) => [h("a",
					{ href: "/waves/" + r.wave }, r.wave), " ",
				value(r.wave_name ?? "")] },
				{ head: t("wave.institution"), tight: true,
					key: "institution" },
				{ head: t("answer.class"), tight: true,
					cell: (r) => r.class ? state("class",
						r.class) : state("state", r.state) },
				{ head: t("inquiry.answered"), tight: true,
					cell: (r) => time(r.answered) },
			],
			rows: inquiries,
		});
}

/* 支援措置: which address goes, by an officer's decision. */
function address(ctx, s) {
	const there = I.ADDRESSES.filter((name) => s.claims[0]?.[name]);

	if (!s.shielded || !ctx.is("officer", "approver"))
		return null;
	return h("section", { class: "card stack" }, h("h2", t("shield.title")),
		h("p", s.address ? t("shield.chosen", { address: s.address })
			: t("shield.none")),
		s.masked ? null : h("div", h("button", { type: "button",
			onclick: async () => {
				if (await confirm({
					title: t("shield.ask"), act: t("shield.act"),
					reason: t("shield.why"),
					happens: [t("shield.1"), t("shield.2")],
					fields: [field({ name: "address",
						label: t("shield.which"),
						value: s.address ?? "", options: [
							{ value: "", text: t("shield.not") },
							...there.map((name) => ({ value: name,
								text: name + t("colon")
									+ s.claims[0][name] }))] })],
					send: (v, key) => change("POST", "/subjects/"
						+ s.atena + "/address", v, { key }),
				})) {
					announce("good", t("shield.done"));
					show(ctx, await read("/subjects/" + s.atena));
				}
			} }, t("shield.act"))));
}

export default async function subject(ctx) {
	show(ctx, await read("/subjects/" + ctx.params.atena));
}

function show(ctx, s) {
	const first = s.claims[0] ?? {};
	const inquiries = s.inquiries ?? [];

	ctx.show({
		crumbs: [ctx.crumb("subjects")],
		title: s.masked ? t("subject.title", { atena: s.atena })
			: first[I.KANJI] || first[I.ROMAN] || first[I.KANA]
				|| s.atena,
		beside: s.shielded ? tag("warn", t("subject.shielded.open"))
			: null,
		lead: t("subject.lead", { atena: s.atena }),
		acts: [h("a", { class: "button", href: "/subjects/" + s.atena
			+ "/report" }, t("report.title")),
		enterPrint("subject", s.atena)],
	}, s.masked ? masked(s.atena, (open) => show(ctx, open)) : null,
	h("div", { class: "cols" },
		h("section", { class: "card" }, h("h2", t("subject.identity")),
			identity(first)),
		h("section", { class: "stack" }, claimTable(s.claims),
			stopped(ctx, s), address(ctx, s))),
	h("section", h("h2", t("subject.history")), history(inquiries)));
}
