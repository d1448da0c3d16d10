/* wave_compare.js — 送信前比較 of the whole wave: which records their layout
 * changes, by loss and rule; one of them beside; held ones mended in place. */
import { query, read } from "/web/lib/api.js";
import { comparison } from "/web/lib/compare.js";
import { h, replace, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { mend, release } from "/web/lib/hold_acts.js";
import { enterPrint } from "/web/lib/prints.js";
import { announce, empty, notice, tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { both, t, word } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

const LOSSES = ["material", "informational"];
const LOOK = { none: "", informational: "note", material: "bad" };

/* The desk looks at so many records for a page: one may be empty and not the
 * last. */
async function page(path, filter, cursor, limit) {
	let at = cursor;

	for (;;) {
		const got = await read(path + query({ ...filter, cursor: at,
			limit }));

		if (got.items.length > 0 || got.next === null)
			return got;
		at = got.next;
	}
}

function filters(ctx, w, filter) {
	const to = (change) => ctx.goTo(location.pathname
		+ query({ ...filter, ...change }));
	const chosen = (name, label, options) => field({ name, label, options,
		value: filter[name] ?? "",
		onchange: (event) => to({ [name]: event.target.value }) });

	return h("div", { class: "filters", role: "search" },
		chosen("institution", t("wave.institution"),
			w.by_institution.map((r) => ({ value: r.code,
				text: r.name === r.code ? r.code
					: r.code + " " + r.name }))),
		chosen("changed", t("compare.which"), [
			{ value: "1", text: t("compare.changed") },
			{ value: "", text: t("compare.all") }]),
		chosen("loss", t("compare.loss"), [
			{ value: "", text: t("compare.any") },
			...LOSSES.map((l) => ({ value: l,
				text: word("loss", l) }))]),
		field({ name: "rule", label: t("compare.rule"), max: 40,
			size: 16, value: filter.rule ?? "",
			hint: t("compare.rule.hint"),
			onchange: (event) => to({
				rule: event.target.value.trim() }) }));
}

function why(held) {
	return notice("warn", t("compare.held", { item: held.item }),
		h("p", value(both(held.ja, held.en)), " ", h("code", held.rule),
			held.bad ? [" ", h("b", held.bad)] : null));
}

/* One record as it stands, and as it goes. */
function beside(r, acts) {
	if (r.masked)
		return empty(t("compare.masked"));
	return h("div", { class: "stack" }, r.held ? why(r.held) : null,
		r.exception === "held" ? acts : null,
		comparison(r.items, t("compare.caption",
			{ inquiry: r.inquiry })));
}

export default async function waveCompare(ctx) {
	const id = ctx.params.wave;
	const [w, codes] = await Promise.all([read("/waves/" + id),
		read("/codes")]);
	const filter = {
		institution: ctx.query.get("institution")
			?? w.by_institution[0]?.code,
		changed: ctx.query.has("loss") || ctx.query.has("rule")
			|| ctx.query.has("institution")
			? ctx.query.get("changed") : "1",
		loss: ctx.query.get("loss"), rule: ctx.query.get("rule"),
	};
	const box = h("div", { "aria-live": "polite" },
		empty(t("compare.choose")));

	function done(key, r) {
		announce("good", t(key, { inquiry: r.inquiry }),
			h("p", t("held.again")));
		rows.reload();
	}

	function show(r) {
		replace(box, beside(r, h("div", { class: "row" },
			mend({ ...r, item: r.held?.item }, codes, done),
			release(r, done))));
	}

	const rows = list({
		caption: t("compare.list"), limit: 15, dense: true,
		shown: (items) => show(items[0]),
		from: (cursor, limit) => page("/waves/" + id + "/comparison",
			filter, cursor, limit),
		columns: [
			{ head: t("inquiry.number"), tight: true, cell: (r) =>
				h("button", { type: "button", class: "plain",
					onclick: () => show(r) },
				h("code", r.inquiry)) },
			{ head: t("subject.atena"), key: "atena", tight: true },
			{ head: t("compare.change"), cell: (r) => [
				LOOK[r.loss] ? tag(LOOK[r.loss],
					word("loss", r.loss)) : h("span",
					{ class: "zero" }, word("loss", r.loss)),
				r.held ? [" ", tag("warn",
					word("exception", "held"))] : null,
				h("div", r.rules.map((x, i) => [i ? " " : null,
					h("code", x)]))] },
		],
		none: t("compare.empty"),
	});

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		acts: enterPrint("wave", id),
		lead: t("compare.lead"),
	}, waveTabs(id, "/compare"), filters(ctx, w, filter),
	h("div", { class: "split" }, rows, box));
}
