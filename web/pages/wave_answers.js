/* wave_answers.js — answers of a wave by institution and class. */
import { query, read } from "/web/lib/api.js";
import { h, value } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { enterPrint } from "/web/lib/prints.js";
import { state, tag } from "/web/lib/say.js";
import { list } from "/web/lib/table.js";
import { t, word } from "/web/lib/strings.js";
import { waveTabs } from "/web/lib/wave_acts.js";

export const CLASSES = ["found", "partial", "review", "none", "paper",
	"invalid", "refused", "expired"];

function filters(ctx, w) {
	function choose(name, label, options) {
		return field({ name, label, value: ctx.query.get(name) ?? "",
			options: [{ value: "", text: t("filter.all") },
				...options],
			onchange: (event) => {
				const now = Object.fromEntries(ctx.query);

				now[name] = event.target.value;
				ctx.goTo(location.pathname + query(now));
			} });
	}

	return h("div", { class: "filters", role: "search" },
		choose("institution", t("wave.institution"),
			w.by_institution.map((r) => ({ value: r.code,
				text: r.name === r.code ? r.code
					: r.code + " " + r.name }))),
		choose("class", t("answer.class"), CLASSES.map((c) => ({
			value: c, text: word("class", c) }))));
}

export default async function waveAnswers(ctx) {
	const id = ctx.params.wave;
	const w = await read("/waves/" + id);

	ctx.show({
		crumbs: [ctx.crumb("waves"), [id, "/waves/" + id]],
		acts: enterPrint("wave", id),
	}, waveTabs(id, "/answers"), filters(ctx, w), list({
		caption: t("answers.caption", { wave: id }),
		path: "/waves/" + id + "/inquiries",
		filter: () => ({ institution: ctx.query.get("institution"),
			class: ctx.query.get("class") }),
		columns: [
			{ head: t("inquiry.number"), tight: true, cell: (r) =>
				h("a", { href: "/inquiries/" + r.inquiry },
					h("code", r.inquiry)) },
			{ head: t("subject.atena"), tight: true, cell: (r) =>
				h("a", { href: "/subjects/" + r.atena },
					r.atena) },
			{ head: t("wave.institution"), tight: true,
				key: "institution" },
			{ head: t("answer.class"), tight: true, cell: (r) =>
				r.class ? state("class", r.class)
					: word("class", "pending") },
			{ head: t("answer.marks"), cell: (r) => [
				r.open ? tag("warn", t("answer.open")) : null,
				r.late ? [" ", tag("", t("answer.late"))]
					: null] },
			{ head: t("file.file"), cell: (r) => r.file
				? value(r.file) : "" },
		],
		none: t("answers.none"), noneNext: t("answers.none.next"),
	}));
}
