/* wave_results.js — 財産調査結果一覧: by subject, who was asked and what came;
 * in print style. */
import { read, serves } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { enterPrint } from "/web/lib/prints.js";
import { state } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { day, t, time } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

export default async function waveResults(ctx) {
	const id = ctx.params.wave;
	const [w, served] = await Promise.all([read("/waves/" + id),
		serves("/waves/{wave}/results")]);
	const columns = [
		{ head: t("subject.atena"), tight: true, cell: (r) => h("a",
			{ href: "/subjects/" + r.atena }, r.atena) },
		...(served ? [{ head: t("subject.kanji"), cell: (r) =>
			value(r.kanji ?? "") }] : []),
		{ head: t("wave.institution"), tight: true, cell: (r) =>
			value(r.institution) },
		{ head: t("inquiry.number"), tight: true, cell: (r) => r.inquiry
			? h("code", r.inquiry) : "" },
		{ head: t("answer.class"), tight: true, cell: (r) => r.class
			? state("class", r.class) : t("class.pending") },
		...(served ? [{ head: t("inquiry.answered"), tight: true,
			cell: (r) => time(r.answered) }] : []),
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
			path: "/waves/" + id + (served ? "/results"
				: "/inquiries"),
			limit: 100, columns, none: t("answers.none"),
			noneNext: t("answers.none.next"),
		})));
}
