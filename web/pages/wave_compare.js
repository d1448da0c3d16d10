/* wave_compare.js — 送信前比較, inquiry by inquiry. */
import { query, read, serves } from "/web/lib/api.js";
import { comparison } from "/web/lib/compare.js";
import { h, replace } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { empty, failure, loading } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { t } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

export default async function waveCompare(ctx) {
	const id = ctx.params.wave;
	const w = await read("/waves/" + id);
	const institution = ctx.query.get("institution")
		?? w.by_institution[0]?.code;
	const beside = h("div", empty(t("compare.choose")));
	const early = await serves("/waves/{wave}/comparison")
		? await read("/waves/" + id + "/comparison"
			+ query({ institution, limit: 50 })) : null;

	async function show(number) {
		replace(beside, loading());
		try {
			const q = await read("/inquiries/" + number);

			replace(beside, q.items ? comparison(q.items,
				t("compare.caption", { inquiry: number }))
				: empty(t("compare.none")));
		} catch (e) {
			replace(beside, failure(e, () => show(number)));
		}
	}

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		lead: t("compare.lead"),
	}, waveTabs(id, "/compare"), h("div", { class: "filters",
		role: "search" }, field({
		name: "institution", label: t("wave.institution"),
		value: institution, options: w.by_institution.map((r) => ({
			value: r.code, text: r.name === r.code ? r.code
				: r.code + " " + r.name })),
		onchange: (event) => ctx.goTo(location.pathname
			+ query({ institution: event.target.value })),
	})), early ? early.items.length === 0 ? empty(t("compare.empty"))
		: early.items.map((x) => h("section", comparison(x.items,
			t("compare.of", { atena: x.atena })))) : h("div", { class: "split" }, list({
		caption: t("compare.list"), limit: 15,
		shown: (rows) => show(rows[0].inquiry),
		path: "/waves/" + id + "/inquiries",
		filter: () => ({ institution }),
		columns: [
			{ head: t("inquiry.number"), tight: true, cell: (r) =>
				h("button", { type: "button", class: "plain",
					onclick: () => show(r.inquiry) },
				h("code", r.inquiry)) },
			{ head: t("subject.atena"), key: "atena", tight: true },
		],
		none: t("compare.empty"),
	}), beside));
}
