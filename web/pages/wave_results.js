/* wave_results.js — 財産調査結果一覧: by subject, who was asked and what came;
 * in print style. */
import { read } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { enterPrint } from "/web/lib/prints.js";
import { state, tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { day, t } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

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
		{ head: t("results.answers"), cell: answers },
	];

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		acts: enterPrint("wave", id),
	}, waveTabs(id, "/results"),
	h("article", { class: "stack", "aria-labelledby": "results" },
		h("h2", { id: "results" }, t("results.title", { wave: id })),
		h("p", value(w.name), " ", t("results.dates", {
			base: day(w.base_date), from: day(w.period_from),
			to: day(w.period_to) })),
		list({
			caption: t("results.caption"), hideCaption: true,
			path: "/waves/" + id + "/results", limit: 100, columns,
			none: t("answers.none"),
			noneNext: t("answers.none.next"),
		})));
}
