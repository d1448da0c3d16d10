/* log.js — 記録: the linked log, searched and verified; who read of whom. */
import { changeLong, query, read } from "/web/lib/api.js";
import { h, path, replace, value } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { notice } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { number, t, time, word } from "/web/lib/strings.js";

const KINDS = ["subject", "inquiry", "wave", "file", "user"];

function columns() {
	return [
		{ head: t("log.at"), tight: true, cell: (r) => time(r.at) },
		{ head: t("log.actor"), tight: true, key: "actor" },
		{ head: t("log.action"), tight: true, cell: (r) =>
			value(word("log.act", r.action)) },
		{ head: t("log.object"), cell: (r) => [word("log.kind", r.kind),
			" ", value(r.object ?? "")] },
		{ head: t("log.purpose"), cell: (r) => value(r.purpose ?? "") },
		{ head: t("check.records"), num: true, cell: (r) =>
			number(r.records) },
		{ head: t("log.seq"), num: true, cell: (r) => r.lane !== undefined
			? r.lane + ":" + r.seq : "" },
	];
}

function verification() {
	const result = h("div", { "aria-live": "polite" });

	return h("section", { class: "card stack" }, h("h2", t("log.verify")),
		h("p", t("log.verify.lead")), form({
			fields: [], act: t("log.verify.act"),
			label: t("log.verify"),
			send: async (_, key, far) => {
				const v = await changeLong("POST",
					"/log/verify", undefined, { key },
					(p) => far(t("log.verify.far", {
						n: number(p.done),
						of: number(p.of) })));

				replace(result, v.first_bad === ""
					? notice("good", t("log.whole",
						{ n: number(v.entries) }))
					: notice("bad", t("log.broken", {
						at: v.first_bad }),
					h("p", t("log.broken.next"))));
			},
		}), result);
}

function whoRead(result) {
	return h("section", { class: "card stack" }, h("h2", t("log.who")),
		form({
			fields: [], act: t("log.who.act"), label: t("log.who"),
			...whoField(result),
		}));
}

/* What an auditor asks; who has read is a table as wide as the page. */
function questions() {
	const result = h("div", { "aria-live": "polite" });

	return h("div", { class: "stack" }, h("div", { class: "cols" },
		verification(), whoRead(result)), result);
}

function whoField(result) {
	const number = field({ name: "atena", label: t("subject.atena"),
		must: true, max: 15, mode: "numeric", check: (text) =>
			/^\d{1,15}$/.test(text) ? null : t("new.picks.bad") });

	return { fields: [number], send: async (v) => {
		replace(result, list({
			caption: t("log.who.of", { atena: v.atena }), limit: 20,
			path: path`/log/who/${v.atena}`,
			columns: columns().slice(0, 5),
			none: t("log.who.none") }));
	} };
}

export default function log(ctx) {
	const fields = [field({ name: "kind", label: t("log.kind_of"),
		value: ctx.query.get("kind") ?? "", options: [
			{ value: "", text: t("filter.all") },
			...KINDS.map((k) => ({ value: k,
				text: word("log.kind", k) }))] }),
	field({ name: "object", label: t("log.object"), max: 64, size: 20,
		value: ctx.query.get("object") ?? "" })];

	ctx.show({ lead: t("log.lead") }, ctx.is("auditor")
		? questions() : null,
	h("div", { role: "search" }, form({
		fields, act: t("log.search"), label: t("log.search"),
		line: true,
		more: h("a", { class: "button", href: "/log" },
			t("filter.clear")),
		send: (v) => ctx.goTo("/log" + query(v)),
	})), list({
		caption: t("log.caption"), hideCaption: true, path: "/log",
		filter: () => Object.fromEntries(ctx.query), columns: columns(),
		none: t("log.none"),
	}));
}
