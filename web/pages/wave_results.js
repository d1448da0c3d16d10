/* wave_results.js — 財産調査結果一覧: by subject, who was asked and what came;
 * in print style. */
import { query, read } from "/web/lib/api.js";
import { h, replace, value } from "/web/lib/dom.js";
import { enterPrint } from "/web/lib/prints.js";
import { state, tag } from "/web/lib/say.js";
import { list, table } from "/web/lib/table.js";
import { day, number, t } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

const PAPER_MOST = 2000; /* persons: some 160 sheets */

function answers(r) {
	return h("ul", { class: "answers", role: "list" }, r.answers.map((a) =>
		h("li", value(a.institution), " ", h("a", {
			href: "/inquiries/" + a.inquiry },
		h("code", a.inquiry)), " ", a.class ? state("class", a.class)
			: tag("", t("results.unanswered")))));
}

export default async function waveResults(ctx) {
	const id = ctx.params.wave;
	const w = await read("/waves/" + id);
	const columns = [
		{ head: t("subject.atena"), tight: true, cell: (r) => h("a",
			{ href: "/subjects/" + r.atena }, r.atena) },
		{ head: t("subject.kanji"), cell: (r) => value(r.kanji) },
		{ head: t("results.answers"), grow: true, cell: answers },
	];

	const whole = h("div", { class: "paper-only" });
	const page = list({
		caption: t("results.caption"), hideCaption: true,
		path: "/waves/" + id + "/results", limit: 100, columns,
		none: t("answers.none"),
		noneNext: t("answers.none.next"),
	});

	/* On paper all stand, not the page that is looked at; of a wave that
	 * is too large for paper the beginning, and that it is no more. */
	async function all() {
		const items = [];
		let cursor;

		do {
			const got = await read("/waves/" + id + "/results" + query({
				cursor, limit: 200 }));

			items.push(...got.items);
			cursor = got.next;
		} while (cursor && items.length < PAPER_MOST);
		replace(whole, h("p", t(cursor ? "results.some" : "results.whole",
			{ n: number(items.length), all: number(w.subjects) })),
		table({ caption: t("results.caption"), hideCaption: true,
			columns, rows: items }));
		page.classList.add("no-print");
	}

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		acts: enterPrint("wave", id, all),
	}, waveTabs(id, "/results"),
	h("article", { class: "stack", "aria-labelledby": "results" },
		h("h2", { id: "results" }, t("results.title", { wave: id })),
		h("p", value(w.name), " ", t("results.dates", {
			base: day(w.base_date), from: day(w.period_from),
			to: day(w.period_to) })),
		page, whole));
}
