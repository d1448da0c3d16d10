/* inquiry.js — one inquiry: as asked, what was sent, what came back. */
import { change, read } from "/web/lib/api.js";
import { answerParts } from "/web/lib/answer.js";
import { comparison } from "/web/lib/compare.js";
import { confirm } from "/web/lib/dialog.js";
import { h, value } from "/web/lib/dom.js";
import { BANK_NAME } from "/web/lib/items.js";
import { enterPrint } from "/web/lib/prints.js";
import { later, notice, state, tag } from "/web/lib/say.js";
import { shown } from "/web/lib/shown.js";
import { table } from "/web/lib/table.js";
import { day, t, time, word } from "/web/lib/strings.js";

function act(ctx, q, name, o) {
	return h("button", { type: "button", class: o.danger ? "danger" : null,
		onclick: async () => {
			let made = null;
			const done = await confirm({
				title: t("inquiry.ask." + name), danger: o.danger,
				happens: o.happens, act: t("inquiry.do." + name),
				reason: o.reason ? t("inquiry.why") : null,
				send: async (v, key) => {
					made = await change("POST", "/inquiries/"
						+ q.inquiry + "/" + name, v, { key });
				},
			});

			if (!done)
				return;
			later("good", t("inquiry.did." + name));
			if (made?.wave)
				ctx.goTo("/waves/" + made.wave + "/sheet");
			else
				location.reload();
		} }, t("inquiry.do." + name));
}

function acts(ctx, q) {
	const found = [];

	if (!ctx.is("officer", "approver"))
		return found;
	if (q.outcome?.open)
		found.push(act(ctx, q, "end", { reason: true,
			happens: [t("inquiry.end.1"), t("inquiry.end.2")] }));
	if (!q.outcome && !q.file)
		found.push(act(ctx, q, "withdraw", { reason: true, danger: true,
			happens: [t("inquiry.withdraw.1"),
				t("inquiry.withdraw.2")] }));
	if (q.outcome || q.state === "held")
		found.push(act(ctx, q, "reask", {
			happens: [t("inquiry.reask.1"), t("inquiry.reask.2")] }));
	return found;
}

function facts(q) {
	const pair = (name, ...content) => [h("dt", name), h("dd", content)];

	return h("dl", { class: "pairs" },
		pair(t("subject.atena"), h("a", { href: "/subjects/" + q.atena },
			q.atena)),
		pair(t("wave.no"), h("a", { href: "/waves/" + q.wave }, q.wave)),
		pair(t("wave.institution"), value(q.institution), " ",
			value(q.answer?.items?.[BANK_NAME] ?? "")),
		pair(t("wave.hub"), value(q.hub)),
		pair(t("new.purpose"), value(q.purpose)),
		q.file ? pair(t("file.file"), value(q.file.file), " ",
			word("state", q.file.state)) : null,
		q.record ? pair(t("inquiry.layout"), value(q.record.layout))
			: null,
		q.halt ? pair(t("inquiry.halt"), word("halt", q.halt.result), " ",
			time(q.halt.at)) : null);
}

function steps(q) {
	return q.steps?.length ? table({
		caption: t("inquiry.steps"),
		columns: [
			{ head: t("step.no"), tight: true, key: "no" },
			{ head: t("step.party"), key: "party" },
			{ head: t("step.at"), cell: (s) => time(s.at) },
			{ head: t("step.by"), key: "signed_by" },
		],
		rows: q.steps,
	}) : null;
}

function corrections(q, subject) {
	return (q.corrections ?? []).map((c, i) => h("section",
		{ class: "card stack" },
		h("h2", t("inquiry.correction", { n: i + 1 }), " ",
			state("class", c.class)),
		answerParts(subject, c)));
}

export default async function inquiry(ctx) {
	const q = await read("/inquiries/" + ctx.params.inquiry);
	const subject = q.subject?.[0] ?? {};

	ctx.show({
		crumbs: [ctx.crumb("waves"),
			[q.wave, "/waves/" + q.wave]],
		title: t("inquiry.title", { inquiry: q.inquiry }),
		beside: [q.outcome ? state("class", q.outcome.class)
			: state("state", q.state),
		q.outcome?.open ? [" ", tag("warn", t("answer.open"))] : null,
		q.outcome?.late ? [" ", tag("", t("answer.late"))] : null],
		acts: [acts(ctx, q), enterPrint("inquiry", q.inquiry)],
	}, q.masked ? notice("warn", t("subject.masked"),
		h("p", t("subject.masked.inquiry"))) : null,
	h("div", { class: "cols" },
		h("section", { class: "card" }, h("h2", t("inquiry.facts")),
			facts(q)),
		h("section", { class: "card" }, h("h2", t("inquiry.subject")),
			h("dl", { class: "pairs" }, Object.entries(subject).map(
				([name, text]) => [h("dt", value(name)),
					h("dd", shown(name, text))])))),
	q.answer ? h("section", { class: "stack" }, h("h2",
		t("inquiry.answer"), " ", q.file?.answered
			? h("span", { class: "quiet" }, time(q.file.answered))
			: null),
	answerParts(subject, q.answer)) : null,
	corrections(q, subject),
	q.items ? h("section", { class: "stack" }, h("h2",
		t("inquiry.sent")), comparison(q.items, t("compare.caption",
		{ inquiry: q.inquiry }))) : null,
	h("details", h("summary", t("inquiry.steps")), steps(q)),
	q.outcome ? null : h("p", { class: "quiet" }, t("inquiry.waiting", {
		day: day(ctx.me.now) })));
}
