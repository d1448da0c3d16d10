/* wave_sheet.js — 決裁: one A4 sheet with all that is decided on. */
import { read } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { enterPrint } from "/web/lib/prints.js";
import { notice, state } from "/web/lib/say.js";
import { count, table } from "/web/lib/table.js";
import { day, number, t, time, word } from "/web/lib/strings.js";
import { waveActs, waveTabs } from "/web/lib/wave_acts.js";

function bases(w, sheet, codes) {
	const wanted = String(w.basis).split(",");

	return (sheet.basis ?? wanted.map((code) => {
		const b = codes.basis.find((x) => x.code === code);

		return { code, text: b?.text ?? code };
	})).map((b) => h("li", b.text));
}

function row(name, ...content) {
	return h("tr", h("th", { scope: "row" }, name),
		h("td", { colspan: "3" }, content));
}

function order(w, sheet, codes) {
	return h("table", h("caption", { class: "sr" }, t("sheet.order")),
		h("tbody",
			row(t("wave.no"), w.wave, " ", state("wave.state", w.state)),
			row(t("wave.name"), value(w.name)),
			row(t("new.basis"), h("ul", { role: "list" },
				bases(w, sheet, codes))),
			row(t("new.purpose"), value(w.purpose)),
			h("tr", h("th", { scope: "row" }, t("new.base")),
				h("td", day(w.base_date)),
				h("th", { scope: "row" }, t("new.deadline")),
				h("td", day(w.deadline))),
			row(t("sheet.period"), day(w.period_from), " – ",
				day(w.period_to)),
			row(t("new.scope"), word("scope", w.scope), " ",
				h("span", { class: "quiet" },
					word("scope.more", w.scope)))));
}

function counts(w) {
	const shown = [["wave.subjects", w.subjects],
		["wave.institutions", w.by_institution.length],
		["wave.inquiries", w.inquiries], ["count.excluded", w.excluded],
		["count.awaiting", w.awaiting], ["count.held", w.held],
		["count.sent", w.sent]];

	return h("table", { class: "keep" }, h("caption", t("sheet.counts")),
		h("thead", h("tr", shown.map(([key]) => h("th",
			{ scope: "col", class: "num" }, t(key))))),
		h("tbody", h("tr", shown.map(([, n]) => h("td",
			{ class: "num" }, number(n))))));
}

function exclusions(w) {
	const items = (w.exceptions ?? []).filter((x) =>
		x.kind === "excluded");

	return items.length === 0 ? null : h("table", { class: "keep" },
		h("caption", t("sheet.excluded")),
		h("thead", h("tr", h("th", { scope: "col" }, t("held.reason")),
			h("th", { scope: "col", class: "num" },
				t("wave.subjects")),
			h("th", { scope: "col", class: "num" },
				t("wave.inquiries")))),
		h("tbody", items.map((x) => h("tr", h("td", value(x.reason)),
			h("td", { class: "num" }, number(x.subjects)),
			h("td", { class: "num" }, number(x.inquiries))))));
}

/* By way and reason: a sheet has room for many institutions. */
function institutions(w) {
	const groups = new Map();

	for (const r of w.by_institution) {
		const key = JSON.stringify([r.hub, r.link, r.reason]);
		const group = groups.get(key) ?? { ...r, names: [],
			inquiries: 0 };

		group.names.push(r.name === r.code ? r.code
			: r.code + " " + r.name);
		group.inquiries += r.inquiries;
		groups.set(key, group);
	}
	return table({
		caption: t("sheet.institutions"),
		columns: [
			{ head: t("wave.hub"), tight: true, cell: (r) =>
				[value(r.hub), " ", word("link", r.link)] },
			{ head: t("wave.institution"), cell: (r) =>
				value(r.names.join(t("comma"))) },
			{ head: t("new.reason"), cell: (r) => value(r.reason) },
			{ head: t("wave.institutions"), num: true, cell: (r) =>
				count(r.names.length) },
			{ head: t("wave.inquiries"), num: true, cell: (r) =>
				count(r.inquiries) },
		],
		rows: [...groups.values()],
	});
}

function samples(sheet) {
	const items = sheet.samples ?? [];

	return items.length === 0 ? null : table({
		caption: t("sheet.samples"),
		columns: [
			{ head: t("subject.atena"), key: "atena", tight: true },
			{ head: t("subject.kana"), key: "kana" },
			{ head: t("subject.kanji"), key: "kanji" },
		],
		rows: items,
	});
}

function stamps(w, sheet) {
	const box = (label, ...content) => h("div", h("div",
		{ class: "label" }, label), content);

	return h("div", { class: "stamps", role: "group",
		"aria-label": t("sheet.stamps") },
	box(t("sheet.document"), sheet.document_no ? t("sheet.no",
		sheet.document_no) : ""),
	box(t("wave.requester"), value(w.requester)),
	box(t("wave.approver"), value(w.approver), sheet.on_behalf
		? h("div", { class: "quiet" }, t("sheet.on_behalf",
			sheet.on_behalf)) : null),
	box(t("sheet.decided"), time(w.approved)));
}

/* Why this person cannot decide here, when that is so. */
function standing(ctx, w) {
	if (w.state === "submitted" && w.requester === ctx.me.name)
		return notice("note", t("sheet.own"), h("p",
			t("sheet.own.next")));
	if (w.state === "drafted" && w.reason)
		return notice("warn", t("sheet.returned"), h("p",
			value(w.reason)));
	return null;
}

export default async function waveSheet(ctx) {
	const id = ctx.params.wave;
	const [w, sheet, codes] = await Promise.all([read("/waves/" + id),
		read("/waves/" + id + "/sheet"), read("/codes")]);

	ctx.show({
		crumbs: [ctx.crumb("waves"), [w.wave, "/waves/" + id]],
		acts: [waveActs(ctx, w, sheet.deciders), enterPrint("wave", id)],
	}, waveTabs(id, "/sheet"), standing(ctx, w),
	h("article", { class: "sheet stack", "aria-labelledby": "sheet" },
		h("h2", { class: "title", id: "sheet" }, t("sheet.title")),
		stamps(w, sheet), order(w, sheet, codes), counts(w),
		exclusions(w), institutions(w), samples(sheet),
		h("p", { class: "quiet" }, t("sheet.foot"))));
}
