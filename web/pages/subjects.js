/* subjects.js — search by 宛名番号, kana, kanji; the whole list without. */
import { change, query, read } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { day, t, time, word, yen } from "/web/lib/strings.js";

const WAYS = ["atena", "kana", "kanji"];

/* A number is a 宛名番号, kana is kana, all else is kanji. */
function guess(text) {
	if (/^\d+$/.test(text.normalize("NFKC")))
		return "atena";
	return /^[\u3040-\u30ff\uff66-\uff9f\s\u3000]+$/.test(text) ? "kana"
		: "kanji";
}

export function who(r) {
	return [value(r.kanji || r.kana), r.masked ? [" ",
		tag("warn", t("subject.shielded"))] : r.shielded
		? [" ", tag("warn", t("subject.shielded.open"))] : null];
}

/* 処分状況 comes joined by "|". */
export function measures(text) {
	return String(text).split("|").join(t("dot"));
}

function claims(r) {
	return (r.claims ?? []).map((c) => h("div", word("kamoku.short", c.kamoku),
		" ", yen(c.arrears), c.measures
			? [" ", tag("", measures(c.measures))] : null));
}

function columns() {
	return [
		{ head: t("subject.atena"), tight: true, cell: (r) => h("a",
			{ href: "/subjects/" + r.atena }, r.atena) },
		{ head: t("subject.kanji"), cell: who },
		{ head: t("subject.kana"), cell: (r) => value(r.kana) },
		{ head: t("subject.birth"), tight: true, cell: (r) => r.masked
			? value(r.birth) : day(r.birth) },
		{ head: t("subject.claims"), cell: claims },
		{ head: t("subject.updated"), tight: true, cell: (r) =>
			time(r.updated) },
	];
}

export default function subjects(ctx) {
	const text = ctx.query.get("q") ?? "";
	const by = WAYS.includes(ctx.query.get("by")) ? ctx.query.get("by")
		: guess(text);
	const words = field({ name: "q", label: t("subjects.search"),
		value: text, max: 100, hint: t("subjects.search.hint"),
		kind: "search", size: 28 });
	const way = field({ name: "by", label: t("subjects.by"),
		value: ctx.query.get("by") ?? "", options: [
			{ value: "", text: t("subjects.by.guess") },
			...WAYS.map((w) => ({ value: w,
				text: t("subject." + w) }))] });

	ctx.show({
		acts: ctx.is("officer") ? h("a", { class: "button",
			href: "/subjects/import" }, t("import.title")) : null,
		lead: t("subjects.lead"),
	}, h("div", { role: "search" }, form({
		fields: [words, way], act: t("subjects.act"),
		label: t("subjects.act"),
		line: true,
		more: text ? h("a", { class: "button", href: "/subjects" },
			t("subjects.all")) : null,
		send: (v) => ctx.goTo("/subjects" + query({ q: v.q,
			by: v.q ? v.by : "" })),
	})), list({
		caption: text ? t("subjects.found", { by: t("subject." + by),
			text }) : t("subjects.caption"),
		columns: columns(),
		from: (cursor, limit) => text
			? change("POST", "/subjects/search", { by, text, limit,
				...(cursor ? { cursor } : {}) })
			: read("/subjects" + query({ cursor, limit })),
		none: text ? t("subjects.none", { text }) : t("subjects.empty"),
		noneNext: text ? t("subjects.none.next")
			: h("a", { href: "/subjects/import" },
				t("import.title")),
	}));
}
